using System.Runtime.InteropServices;
using System.Text;

namespace PassAtK.Engine.Tokenization.Normalization;

/// <summary>
/// One of the four Unicode normalization forms. Source: Unicode Standard Annex 15, for the Unicode version of the table. Lone
/// surrogates come out as U+FFFD.
/// </summary>
internal sealed class UnicodeForm(bool compose, bool compatible) : INormalizer
{
    public static UnicodeForm C { get; } = new(compose: true, compatible: false);

    public static UnicodeForm D { get; } = new(compose: false, compatible: false);

    public static UnicodeForm KC { get; } = new(compose: true, compatible: true);

    public static UnicodeForm KD { get; } = new(compose: false, compatible: true);

    public string Normalize(string text, ref bool atStart) => Normalize(text);

    public string Normalize(string text)
    {
        if (IsSettled(text))
            return text;
        var table = NormalizationTable.Shared;
        List<int> codes = new(text.Length);
        foreach (var rune in text.EnumerateRunes())
            AppendDecomposed(codes, rune.Value, table);
        var span = CollectionsMarshal.AsSpan(codes);
        PutMarksInOrder(span, table);
        if (compose)
            span = span[..Compose(span, table)];
        var builder = new StringBuilder(text.Length);
        foreach (var code in span)
            builder.Append(new Rune(code));
        return builder.ToString();
    }

    // Most text is in its form already; seeing that costs one pass without a copy.
    private bool IsSettled(string text)
    {
        var lowestToChange = (compose, compatible) switch { (true, false) => 0x300, (_, true) => 0xA0, _ => 0xC0 };
        var first = text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(lowestToChange - 1));
        if (first < 0)
            return true;
        if (!compose || compatible)
            return false;
        foreach (var rune in text.AsSpan(first).EnumerateRunes())
        {
            if (NormalizationTable.Shared.IsUnsettledInFormC(rune.Value))
                return false;
        }
        return true;
    }

    private void AppendDecomposed(List<int> codes, int code, NormalizationTable table)
    {
        if (code < 0xA0)
        {
            codes.Add(code);
        }
        else if (Hangul.IsSyllable(code))
        {
            Hangul.Decompose(code, out var lead, out var vowel, out var trail);
            codes.Add(lead);
            codes.Add(vowel);
            if (trail != 0)
                codes.Add(trail);
        }
        else if (table.Decompose(code, compatible) is { } parts)
        {
            codes.AddRange(parts);
        }
        else
        {
            codes.Add(code);
        }
    }

    // Each run of marks is sorted by class, equal ones kept in order.
    private static void PutMarksInOrder(Span<int> codes, NormalizationTable table)
    {
        for (var start = 0; start < codes.Length; start++)
        {
            if (table.CombiningClass(codes[start]) == 0)
                continue;
            var end = start + 1;
            var sorted = true;
            for (; end < codes.Length && table.CombiningClass(codes[end]) is not 0 and var next; end++)
                sorted &= table.CombiningClass(codes[end - 1]) <= next;
            if (!sorted)
            {
                var marks = codes[start..end].ToArray();
                // LINQ's sort is stable.
                marks.OrderBy(mark => table.CombiningClass(mark)).ToArray().CopyTo(codes[start..]);
            }
            start = end;
        }
    }

    /// <summary>Composes in place; returns how many code points are left.</summary>
    private static int Compose(Span<int> codes, NormalizationTable table)
    {
        var starter = -1;
        var kept = 0;
        var lastClass = 0;
        foreach (var code in codes)
        {
            var combiningClass = table.CombiningClass(code);
            // A mark reaches its starter unless another of the same or a higher class stands between; a starter reaches one
            // only when nothing stands between.
            var reaches = starter >= 0 && (kept == starter + 1 || (lastClass < combiningClass && lastClass != 0));
            if (reaches && table.Compose(codes[starter], code) is { } composed)
            {
                codes[starter] = composed;
                continue;
            }
            if (combiningClass == 0)
                starter = kept;
            lastClass = combiningClass;
            codes[kept++] = code;
        }
        return kept;
    }
}
