namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Finds the final answer in a solution, as it is written there. One pass for each kind of mark.</summary>
internal static class AnswerExtraction
{
    /// <summary>Longest text that may be an answer as a whole.</summary>
    private const int LongestBare = 300;

    /// <summary>
    /// The answer of a completion: the last box, what follows the last `answer is`, the line after the last `####`, the whole text where it
    /// reads as an answer, else the last formula or number. Null where the text holds none, or ends within its only box.
    /// </summary>
    public static string? OfCompletion(string text)
    {
        text = HalfDay.Plain(text);
        if (Marked(text) is { } marked)
            return marked;
        if (BoxedAnswers.IsCutOff(text))
            return null;
        text = FinalAnswerPhrase.AfterDenial(text);
        return text.Trim() is var whole && IsAnswer(whole) ? whole : LastPart(text);
    }

    /// <summary>The answer of a gold: a short one is meant as it stands.</summary>
    public static string OfGold(string text)
    {
        text = HalfDay.Plain(text);
        var whole = text.Trim();
        if (Marked(text) is { } marked)
            return marked;
        var isShort = whole.Length <= LongestBare && !whole.Contains('\n', StringComparison.Ordinal);
        return isShort || (whole.Length <= MathGrader.LongestAnswer && ExpressionParser.Parse(whole) is not null)
            ? whole
            : LastPart(text) ?? whole;
    }

    private static string? Marked(string text)
    {
        if (BoxedAnswers.Last(text) is { } boxed)
            return boxed;
        if (!BoxedAnswers.IsCutOff(text) && FinalAnswerPhrase.AfterWords(text) is { Length: > 0 } announced)
            return OfAnnouncement(announced);
        return FinalAnswerPhrase.AfterHashes(text) is { Length: > 0 } hashed ? hashed : null;
    }

    /// <summary>
    /// All that follows `the answer is` where it reads as an answer, else the formula or number that it begins with, else the last.
    /// </summary>
    private static string? OfAnnouncement(string sentence)
    {
        if (IsAnswer(sentence))
            return sentence;
        if (MathFormula.First(sentence) is { Start: <= 2 } formula)
            return sentence[formula.Start..formula.End];
        return char.IsAsciiDigit(sentence[0]) || sentence[0] is '-' or '$'
            ? NumberScanner.First(sentence)?.ToString()
            : LastPart(sentence) ?? sentence;
    }

    /// <summary>One short line that the parser reads whole, or a single word.</summary>
    private static bool IsAnswer(string text) =>
        text.Length is > 0 and <= LongestBare && !text.Contains('\n', StringComparison.Ordinal)
        && (text.All(char.IsLetter) || ExpressionParser.Parse(text) is not null);

    private static string? LastPart(string text)
    {
        var formula = MathFormula.Last(text);
        var number = NumberScanner.Last(text);
        if (number is { } found && MathFormula.IsCutOff(text, found.End))
            number = null;
        return formula is { } last && (number is null || number.Value.End <= last.End)
            ? text[last.Start..last.End]
            : number?.Value.ToString();
    }
}
