namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// The last `\boxed{...}` of a text, or the last few where they are one answer in parts: `\boxed{1} and \boxed{2}`. Of nested boxes the
/// innermost counts, and a box that the end of the text cuts off is none. One pass.
/// </summary>
internal static class BoxedAnswers
{
    private const int LongestGap = 80;
    private const int MostOtherWords = 3;

    /// <summary>Null if there is none.</summary>
    public static string? Last(string text)
    {
        var boxes = Find(text);
        if (boxes.Count == 0)
            return null;
        var first = boxes.Count - 1;
        while (first > 0 && Joins(text.AsSpan(boxes[first - 1].After, boxes[first].Start - boxes[first - 1].After)))
            first--;
        var parts = boxes.Skip(first).Select(box => text[box.Content..box.End]).Distinct(StringComparer.Ordinal);
        return string.Join(", ", parts);
    }

    /// <summary>The last box alone, for answers that have one part; null if there is none.</summary>
    public static string? LastOne(string text) => Find(text) is [.., var box] ? text[box.Content..box.End] : null;

    /// <summary>
    /// Whether the text ends within a box and holds no whole one. A box whose line or formula ends first only lacks its brace.
    /// </summary>
    public static bool IsCutOff(string text)
    {
        var brace = text.LastIndexOf('{');
        while (brace > 0 && BoxStart(text, brace) < 0)
            brace = text.LastIndexOf('{', brace - 1);
        if (brace <= 0 || Find(text).Count > 0)
            return false;
        var inside = text.AsSpan(brace).TrimEnd();
        return !inside.ContainsAny('$', '\n') && !inside.Contains(@"\)", StringComparison.Ordinal)
            && !inside.Contains(@"\]", StringComparison.Ordinal);
    }

    /// <summary>Boxes that hold no other, in order.</summary>
    private static List<(int Start, int Content, int End, int After)> Find(string text)
    {
        var boxes = new List<(int, int, int, int)>();
        var open = new List<(int Start, int Content, bool HasBox)>();
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\' when at + 1 < text.Length && text[at + 1] is '{' or '}':
                    at++;
                    break;
                case '{':
                    open.Add((BoxStart(text, at), at + 1, false));
                    break;
                case '}' when open.Count > 0:
                    var (start, content, hasBox) = open[^1];
                    open.RemoveAt(open.Count - 1);
                    if (start >= 0 && !hasBox)
                        boxes.Add((start, content, at, at + 1));
                    if (open.Count > 0 && (hasBox || start >= 0))
                        open[^1] = open[^1] with { HasBox = true };
                    break;
                case ' ' when EndsBoxCommand(text, at) && Token(text, at) is var (from, to) && to > from:
                    boxes.Add((at, from, to, to));
                    at = to - 1;
                    break;
            }
        }
        return boxes;
    }

    /// <summary>Where the command begins whose brace this is; -1 if it is no box.</summary>
    private static int BoxStart(string text, int brace)
    {
        var end = brace;
        while (end > 0 && text[end - 1] == ' ' && brace - end < 4)
            end--;
        var before = text.AsSpan(Math.Max(0, end - 5), end - Math.Max(0, end - 5));
        return before is "boxed" or "\\fbox" or "\boxed" ? end - before.Length : -1;
    }

    private static bool EndsBoxCommand(string text, int at) => text.AsSpan(0, at).EndsWith(@"\boxed");

    /// <summary>What follows the command without braces: `\boxed 5`.</summary>
    private static (int From, int To) Token(string text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        var from = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('$' or '{' or '}' or '\\' or '<' or '>'))
            at++;
        return (from, at);
    }

    /// <summary>What stands between the parts of one answer: a comma, or one connecting word among few others.</summary>
    private static bool Joins(ReadOnlySpan<char> gap)
    {
        if (gap.Length > LongestGap || gap.Contains('\n') || gap.Contains('.'))
            return false;
        var (connectors, others) = (0, 0);
        for (var at = 0; at < gap.Length; at++)
        {
            var start = at;
            while (at < gap.Length && char.IsLetter(gap[at]))
                at++;
            if (at == start)
                continue;
            if (gap[start..at] is "and" or "or" or "und" or "oder" or "et" or "ou" or "y" or "和" or "或")
                connectors++;
            else if (start == 0 || gap[start - 1] != '\\')
                others++;
        }
        return connectors == 1 ? others <= MostOtherWords : connectors == 0 && others == 0 && gap.IndexOfAny(',', ';', '、') >= 0;
    }
}
