namespace PassAtK.Evaluation.Grading;

/// <summary>Formulas that LaTeX sets apart from the text: `$...$`, `$$...$$`, `\(...\)`, `\[...\]`. Ranges are without the marks.</summary>
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
            var end = text.IndexOf(close, at + mark.Length, StringComparison.Ordinal);
            // A mark that nothing closes ends the search: looking on from each of many would take quadratic time.
            if (end < 0)
                return null;
            if (!string.IsNullOrWhiteSpace(text[(at + mark.Length)..end]))
                return (at + mark.Length, end);
            at = end + close.Length - 1;
        }
        return null;
    }
}
