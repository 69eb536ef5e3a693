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
            return FromAnnouncement(announced);
        if (FinalAnswerPhrase.AfterHashes(text) is { Length: > 0 } marked)
            return marked;
        return text.Trim() is var trimmed && IsBare(trimmed) ? trimmed : Last(text);
    }

    /// <summary>
    /// What follows `the answer is`: all of it where it is bare, the formula or number that it begins with, else the last in it.
    /// </summary>
    private static string? FromAnnouncement(string sentence)
    {
        if (IsBare(sentence))
            return sentence;
        if (MathFormula.First(sentence) is { Start: <= 2 } formula)
            return sentence[formula.Start..formula.End];
        return char.IsAsciiDigit(sentence[0]) || sentence[0] is '-' or '$' ? NumberScanner.First(sentence)?.ToString() : Last(sentence);
    }

    /// <summary>The last formula or number of a text.</summary>
    private static string? Last(string text)
    {
        var formula = MathFormula.Last(text);
        var number = NumberScanner.Last(text);
        return formula is { } last && (number is null || number.Value.End <= last.End)
            ? text[last.Start..last.End]
            : number?.Value.ToString();
    }

    /// <summary>
    /// A text that is nothing but an answer: one line, not blank, with at most one word outside braces, and none beside a formula.
    /// `\frac{3}{8}`, `$x=5$`, `4:30`, `A` and `28 percent` are; `I think 5` and `Answer $5$` are not.
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
        return words == 0 || (words == 1 && MathFormula.First(text) is null);
    }
}
