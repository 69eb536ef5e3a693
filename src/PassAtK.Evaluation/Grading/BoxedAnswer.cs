namespace PassAtK.Evaluation.Grading;

/// <summary>The content of `\boxed{...}` (or `\fbox{...}`) in LaTeX.</summary>
internal static class BoxedAnswer
{
    private static readonly string[] Commands = [@"\boxed", @"\fbox"];

    /// <summary>
    /// The box that opens last among those that close: of nested boxes the innermost, and none that the end of the text cuts off. Also
    /// reads `\boxed 5`. One pass; null if there is none.
    /// </summary>
    public static string? Last(string text)
    {
        // Positions after the braces that are open; -1 for those that open no box.
        var open = new List<int>();
        var (start, end) = (-1, -1);
        var at = 0;
        while (at < text.Length)
        {
            var character = text[at];
            if (character == '\\')
            {
                var content = ContentAfterCommand(text, at);
                if (content < 0)
                {
                    // An escaped brace opens and closes nothing.
                    at += 2;
                }
                else if (content < text.Length && text[content] == '{')
                {
                    open.Add(content + 1);
                    at = content + 1;
                }
                else
                {
                    at = EndOfToken(text, content);
                    if (at > content)
                        (start, end) = (content, at);
                }
                continue;
            }
            if (character == '{')
            {
                open.Add(-1);
            }
            else if (character == '}' && open.Count > 0)
            {
                var opened = open[^1];
                open.RemoveAt(open.Count - 1);
                if (opened > start)
                    (start, end) = (opened, at);
            }
            at++;
        }
        return start < 0 ? null : text[start..end];
    }

    /// <summary>Where the content of a box begins if one of the commands stands here, else -1.</summary>
    private static int ContentAfterCommand(string text, int at)
    {
        foreach (var command in Commands)
        {
            var after = at + command.Length;
            if (string.CompareOrdinal(text, at, command, 0, command.Length) != 0)
                continue;
            if (after < text.Length && char.IsAsciiLetter(text[after]))
                continue;
            while (after < text.Length && text[after] == ' ')
                after++;
            return after;
        }
        return -1;
    }

    private static int EndOfToken(string text, int at)
    {
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('$' or '{' or '}' or '\\'))
            at++;
        return at;
    }
}
