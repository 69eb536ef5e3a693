using System.Text;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Undoes what quoting does to LaTeX: backslashes doubled before a command, and `\b`, `\f` that were read as control characters in
/// `\boxed`, `\begin`, `\binom` and `\frac`.
/// </summary>
internal static class LatexRepair
{
    private static readonly (string Broken, string Whole)[] Eaten =
    [
        ("\fr", @"\fr"), ("\bo", @"\bo"), ("\be", @"\be"), ("\bi", @"\bi"), ("\ba", @"\ba"),
    ];

    public static string Repair(string text)
    {
        if (text.AsSpan().IndexOfAny('\f', '\b') >= 0)
        {
            foreach (var (broken, whole) in Eaten)
                text = text.Replace(broken, whole, StringComparison.Ordinal);
        }
        return text.Contains(@"\\", StringComparison.Ordinal) ? WithSingleBackslashes(text) : text;
    }

    /// <summary>`\\frac` is `\frac`; `\\` before anything but a known command of three letters is a new row.</summary>
    private static string WithSingleBackslashes(string text)
    {
        var single = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            single.Append(text[at]);
            if (text[at] != '\\' || at + 1 == text.Length)
                continue;
            if (text[at + 1] == '\\' && StartsCommand(text, at + 2))
                at++;
            else if (at + 1 < text.Length)
                single.Append(text[++at]);
        }
        return single.ToString();
    }

    private static bool StartsCommand(string text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 20 && char.IsAsciiLetter(text[end]))
            end++;
        return end - at >= 3 ? LatexSymbols.IsKnown(text[at..end]) : text[at..end] is "pi" or "in" or "le" or "ge" or "ne" or "pm";
    }
}
