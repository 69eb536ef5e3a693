namespace PassAtK.Evaluation.Grading;

/// <summary>The words that announce a final answer where nothing encloses it.</summary>
internal static class FinalAnswerPhrase
{
    private static readonly string[] Phrases =
    [
        "answer is", "answer:", "answer is:", "answers are", "réponse est", "respuesta es", "risposta è", "resposta é", "antwort ist", "答案是", "答案为",
        "答案：",
    ];

    /// <summary>What follows the last `####` on its line; null if there is none.</summary>
    public static string? AfterHashes(string text)
    {
        const string Mark = "####";
        var mark = text.LastIndexOf(Mark, StringComparison.Ordinal);
        return mark < 0 ? null : FirstLine(text.AsSpan(mark + Mark.Length));
    }

    /// <summary>
    /// The sentence that follows the last of `answer is`, `answer:` (in any case) and `A:` at the start of a line; null if there is none.
    /// </summary>
    public static string? AfterWords(string text)
    {
        var after = -1;
        foreach (var phrase in Phrases)
        {
            var at = text.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
                after = Math.Max(after, at + phrase.Length);
        }
        var line = text.LastIndexOf("\nA:", StringComparison.Ordinal);
        if (line >= 0)
            after = Math.Max(after, line + 3);
        else if (text.StartsWith("A:", StringComparison.Ordinal))
            after = Math.Max(after, 2);
        return after < 0 ? null : FirstSentence(FirstLine(text.AsSpan(after)));
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
