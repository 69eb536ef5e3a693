namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Multiple choice: a gold such as `C`, `(C)`, `\text{(C)}` or `(C) 15`, and the letter that a completion settles on.</summary>
internal static class ChoiceAnswer
{
    private const char Last = 'J';

    /// <summary>The gold's letter; null where it is no choice.</summary>
    public static char? Letter(string gold)
    {
        var text = Bare(gold);
        if (text is [var only] && IsChoice(only))
            return only;
        if (text is ['(', var bracketed, ')', ..] && IsChoice(bracketed))
            return bracketed;
        if (text is [var dotted, '.' or ')' or ':', ' ', ..] && IsChoice(dotted))
            return dotted;
        // C Cecile
        return text is [var first, ' ', >= 'A' and <= 'Z', >= 'a' and <= 'z', ..] && IsChoice(first) ? first : null;
    }

    /// <summary>
    /// The letter at the start of the box, of what follows `answer is` or of the text; without a box and such words, the last capital
    /// letter that stands alone. Null if there is none.
    /// </summary>
    public static char? Chosen(string completion)
    {
        if (BoxedAnswers.Last(completion) is { } boxed)
            return Leading(Bare(boxed));
        if (BoxedAnswers.IsCutOff(completion))
            return null;
        if (FinalAnswerPhrase.AfterWords(completion) is { Length: > 0 } announced)
            return Leading(Bare(announced)) ?? LastAlone(announced);
        return Leading(Bare(completion.AsSpan(0, Math.Min(completion.Length, 200)).ToString()))
            ?? LastAlone(FinalAnswerPhrase.AfterDenial(completion));
    }

    private static char? Leading(string text)
    {
        if (text is ['(', var bracketed, ')', ..] && IsChoice(bracketed))
            return bracketed;
        if (text.Length == 0 || !IsChoice(text[0]))
            return null;
        var isAlone = text.Length == 1 || text[1] is '.' or ')' or ':' or '。' or '，' or ',' or '\n';
        return isAlone || text.AsSpan(1).StartsWith(" non ") ? text[0] : null;
    }

    private static char? LastAlone(string text)
    {
        for (var at = text.Length - 1; at >= 0; at--)
        {
            if (!IsChoice(text[at]) || (at > 0 && IsPartOfWord(text[at - 1])) || (at + 1 < text.Length && IsPartOfWord(text[at + 1])))
                continue;
            // The article, and whoever speaks.
            if (text[at] is 'A' or 'I' && at + 2 < text.Length && text[at + 1] == ' ' && char.IsAsciiLetterLower(text[at + 2]))
                continue;
            return text[at];
        }
        return null;
    }

    private static bool IsPartOfWord(char character) =>
        char.IsLetterOrDigit(character) || character is '_' or '\'' or '^' or '\\' or '=' or '+' or '*';

    /// <summary>Without dollar signs, bold and text commands.</summary>
    private static string Bare(string text)
    {
        text = text.Trim().Trim('$', '*').Trim();
        foreach (var command in (string[])[@"\text{", @"\textbf{", @"\mathrm{", @"\mathbf{", @"\mbox{"])
        {
            if (text.StartsWith(command, StringComparison.Ordinal))
                text = text[command.Length..].Replace("}", "", StringComparison.Ordinal).Trim();
        }
        return text;
    }

    private static bool IsChoice(char letter) => letter is >= 'A' and <= Last;
}
