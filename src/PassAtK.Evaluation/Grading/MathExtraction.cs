namespace PassAtK.Evaluation.Grading;

/// <summary>Finds the final answer in a solution, as it is written there. One pass for each kind of mark.</summary>
internal static class MathExtraction
{
    /// <summary>Null where the text holds no answer at all.</summary>
    public static string? Answer(string text)
    {
        if (BoxedAnswer.Last(text) is { } boxed)
            return boxed;
        if (FinalAnswerPhrase.AfterWords(text) is { Length: > 0 } announced)
            return FormulaOrWhole(announced);
        if (FinalAnswerPhrase.AfterHashes(text) is { Length: > 0 } marked)
            return marked;
        var trimmed = text.Trim();
        if (IsBare(trimmed))
            return trimmed;

        var formula = MathFormula.Last(text);
        var number = NumberScanner.Last(text);
        if (formula is { } last && (number is null || number.Value.End <= last.End))
            return text[last.Start..last.End];
        return number?.Value.ToString();
    }

    /// <summary>The formula of `$5$ apples` or `\(5\)`, or all of it where nothing is marked as one.</summary>
    private static string FormulaOrWhole(string sentence) =>
        MathFormula.First(sentence) is { } formula ? sentence[formula.Start..formula.End] : sentence;

    /// <summary>
    /// A text that is nothing but an answer: one line, not blank, with no two words outside braces. `\frac{3}{8}`, `$x=5$`, `4:30`, `A`
    /// and `28 percent` are; `I think 5` is not.
    /// </summary>
    private static bool IsBare(string text)
    {
        if (text.Length is 0 or > MathGrader.LongestAnswer || text.Contains('\n', StringComparison.Ordinal))
            return false;
        var (words, depth, letters) = (0, 0, 0);
        for (var at = 0; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            letters = char.IsLetter(text[at]) && depth <= 0 ? letters + 1 : 0;
            // A command such as \frac is no word.
            if (letters == 2 && !(at >= 2 && text[at - 2] == '\\'))
                words++;
        }
        return words < 2;
    }
}
