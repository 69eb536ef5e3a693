namespace PassAtK.Evaluation.Grading;

/// <summary>The words that announce a final answer where nothing encloses it.</summary>
internal static class FinalAnswerPhrase
{
    // Looking back over any number of them would take quadratic time.
    private const int MostDenials = 16;

    private static readonly string[] Phrases =
    [
        "answer is", "answer:", "answer is:", "answers are", "réponse est", "respuesta es", "risposta è", "resposta é", "antwort ist",
        "答案是", "答案为", "答案：",
    ];

    /// <summary>What follows the last `####` on its line; null if there is none.</summary>
    public static string? AfterHashes(string text)
    {
        const string Mark = "####";
        var mark = text.LastIndexOf(Mark, StringComparison.Ordinal);
        return mark < 0 ? null : FirstLine(text.AsSpan(mark + Mark.Length));
    }

    /// <summary>
    /// What the last of `answer is`, `answer:` (in any case) and `A:` at the start of a line says in its sentence that the answer is. Ones
    /// that say only what it is not are passed over; null if there is no other.
    /// </summary>
    public static string? AfterWords(string text)
    {
        for (var (end, denials) = (text.Length, 0); denials <= MostDenials; denials++)
        {
            var (start, after) = Last(text.AsSpan(0, end));
            if (after < 0)
                return null;
            if (Denial.Affirmed(FirstSentence(FirstLine(text.AsSpan(after)))) is { } answer)
                return answer;
            end = start;
        }
        return null;
    }

    /// <summary>
    /// The text behind the last announcement where that says only what the answer is not, for whoever looks on after
    /// <see cref="AfterWords"/> found none: the number that is denied is no answer, nor is one that led to it. Else the whole text.
    /// </summary>
    public static string AfterDenial(string text)
    {
        if (Last(text) is not (_, >= 0 and var after))
            return text;
        var sentence = FirstSentence(FirstLine(text.AsSpan(after)));
        return Denial.Affirmed(sentence) is null
            ? text[(text.IndexOf(sentence, after, StringComparison.Ordinal) + sentence.Length)..]
            : text;
    }

    private static (int Start, int After) Last(ReadOnlySpan<char> text)
    {
        var (start, after) = (-1, -1);
        foreach (var phrase in Phrases)
        {
            if (text.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase) is >= 0 and var at && at + phrase.Length > after)
                (start, after) = (at, at + phrase.Length);
        }
        var line = text.LastIndexOf("\nA:", StringComparison.Ordinal);
        if (line >= 0 && line + 3 > after)
            (start, after) = (line, line + 3);
        else if (line < 0 && after < 2 && text.StartsWith("A:"))
            (start, after) = (0, 2);
        return (start, after);
    }

    /// <summary>The first line that holds more than white space and Markdown's stars, without them.</summary>
    private static string FirstLine(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" \t\r\n*:");
        var end = text.IndexOf('\n');
        return (end < 0 ? text : text[..end]).TrimEnd(" \t\r*").ToString();
    }

    /// <summary>Up to the first full stop before a blank or the end: that of `1.5` ends nothing.</summary>
    private static string FirstSentence(string line)
    {
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? line.AsSpan() : line.AsSpan(0, end)).TrimEnd(" .*").ToString();
    }
}
