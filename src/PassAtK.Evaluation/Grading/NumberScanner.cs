namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Finds numbers in running text: `-3`, `$1,234.50`, `3/4`, `28%`. Digits that follow a letter (`x2`) are no number, a minus sign
/// counts unless it subtracts (`5-3` holds 5 and 3), and `2.` at the end of a sentence is 2. Linear in the text.
/// </summary>
internal static class NumberScanner
{
    public static ExactNumber? First(ReadOnlySpan<char> text) => Next(text, 0) is { } found ? found.Value : null;

    /// <summary>The last number and the position after it.</summary>
    public static (ExactNumber Value, int End)? Last(ReadOnlySpan<char> text)
    {
        (ExactNumber, int)? last = null;
        for (var at = 0; Next(text, at) is { } found; at = found.End)
        {
            // A number alone in square brackets, as [1], refers to something.
            if (!(found.End < text.Length && text[found.End] == ']' && text[..found.End].TrimEnd("0123456789").EndsWith("[")))
                last = found;
        }
        return last;
    }

    private static (ExactNumber Value, int End)? Next(ReadOnlySpan<char> text, int from)
    {
        var at = from;
        while (at < text.Length)
        {
            if (!StartsNumber(text, at))
            {
                at++;
                continue;
            }
            var end = EndOfDecimal(text, at);
            if (!FollowsLetter(text, at) && ExactNumber.ReadDecimal(text[at..end]) is { } value)
            {
                if (IsNegative(text, at))
                    value = value.Negated();
                return WithDenominatorAndPercent(text, value, end);
            }
            at = end;
        }
        return null;
    }

    private static (ExactNumber Value, int End) WithDenominatorAndPercent(ReadOnlySpan<char> text, ExactNumber value, int end)
    {
        if (end + 1 < text.Length && text[end] == '/' && char.IsAsciiDigit(text[end + 1]))
        {
            var after = EndOfDecimal(text, end + 1);
            if (ExactNumber.ReadDecimal(text[(end + 1)..after]) is { } denominator && value.DividedBy(denominator) is { } quotient)
                (value, end) = (quotient, after);
        }
        var rest = text[end..].TrimStart(" \\");
        if (rest.StartsWith("%") || rest.StartsWith("percent", StringComparison.OrdinalIgnoreCase))
            value = value with { Percent = true };
        return (value, end);
    }

    private static bool StartsNumber(ReadOnlySpan<char> text, int at) =>
        char.IsAsciiDigit(text[at])
        || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && !(at > 0 && char.IsAsciiDigit(text[at - 1])));

    private static bool FollowsLetter(ReadOnlySpan<char> text, int at) => at > 0 && char.IsAsciiLetter(text[at - 1]);

    /// <summary>Digits, groups of three after commas, and a fraction.</summary>
    private static int EndOfDecimal(ReadOnlySpan<char> text, int at)
    {
        var first = at;
        at = EndOfDigits(text, at);
        if (at - first is 1 or 2 or 3)
        {
            while (at < text.Length && text[at] == ',' && EndOfDigits(text, at + 1) == at + 4)
                at += 4;
        }
        return at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]) ? EndOfDigits(text, at + 1) : at;
    }

    private static int EndOfDigits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }

    private static bool IsNegative(ReadOnlySpan<char> text, int at)
    {
        var before = text[..at].TrimEnd("$€£¥\\");
        if (!(before.EndsWith("-") || before.EndsWith("−")))
            return false;
        return before.Length == 1 || !(char.IsLetterOrDigit(before[^2]) || before[^2] is ')' or '}' or '-');
    }
}
