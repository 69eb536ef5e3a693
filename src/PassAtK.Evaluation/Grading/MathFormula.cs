namespace PassAtK.Evaluation.Grading;

/// <summary>Formulas that LaTeX sets apart from the text: `$...$`, `$$...$$`, `\(...\)`, `\[...\]`. Ranges are without the marks. One in
/// `\(...\)` lies on one line: a line break cuts it off, and it is none.</summary>
internal static class MathFormula
{
    public static (int Start, int End)? First(string text) => Next(text, 0);

    public static (int Start, int End)? Last(string text)
    {
        (int Start, int End)? last = null;
        for (var found = Next(text, 0); found is { } formula; found = Next(text, formula.End + 2))
            last = formula;
        return last;
    }

    /// <summary>The next closing mark; an escaped dollar sign closes nothing.</summary>
    private static int IndexOfClose(string text, string close, int from)
    {
        var end = text.IndexOf(close, from, StringComparison.Ordinal);
        while (close == "$" && end > from && text[end - 1] == '\\')
            end = text.IndexOf(close, end + 1, StringComparison.Ordinal);
        return end;
    }

    /// <summary>Whether a position is inside `\(...\)` after a line break.</summary>
    public static bool IsCutOff(string text, int position)
    {
        var open = position == 0 ? -1 : text.LastIndexOf(@"\(", position - 1, StringComparison.Ordinal);
        return open >= 0 && text.AsSpan(open, position - open) is var inside && inside.Contains('\n')
            && !inside.Contains(@"\)", StringComparison.Ordinal);
    }

    private static (int Start, int End)? Next(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var (mark, close) = text[at] switch
            {
                '$' when at + 1 < text.Length && text[at + 1] == '$' => ("$$", "$$"),
                '$' => ("$", "$"),
                '\\' when at + 1 < text.Length && text[at + 1] == '(' => (@"\(", @"\)"),
                '\\' when at + 1 < text.Length && text[at + 1] == '[' => (@"\[", @"\]"),
                _ => ("", ""),
            };
            if (mark.Length == 0)
            {
                // An escaped sign, `\$` above all, opens nothing.
                at += text[at] == '\\' ? 1 : 0;
                continue;
            }
            var end = IndexOfClose(text, close, at + mark.Length);
            // A mark that nothing closes ends the search: looking on from each of many would take quadratic time.
            if (end < 0)
                return null;
            var content = text.AsSpan(at + mark.Length, end - at - mark.Length);
            if (!content.IsWhiteSpace() && !(mark == @"\(" && content.Contains('\n')))
                return (at + mark.Length, end);
            at = end + close.Length - 1;
        }
        return null;
    }
}
