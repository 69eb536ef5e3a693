using System.Globalization;
using System.Numerics;

namespace PassAtK.Evaluation.Grading;

/// <summary>A rational number in lowest terms, with whether it was written as a percentage.</summary>
/// <param name="Numerator">Carries the sign.</param>
/// <param name="Denominator">At least 1.</param>
/// <param name="Percent">A percent sign followed; the value is that of the number before it.</param>
internal readonly record struct ExactNumber(BigInteger Numerator, BigInteger Denominator, bool Percent = false)
{
    /// <summary>Most digits of a numerator or denominator as written: keeps the arithmetic of hostile texts small.</summary>
    public const int MostDigits = 400;

    /// <summary>
    /// The same value. Where one side alone is a percentage, 28% is 28 as well as 0.28: answers drop the sign or apply it.
    /// </summary>
    public static bool AreEqual(ExactNumber left, ExactNumber right) =>
        left.IsSame(right)
        || (left.Percent && !right.Percent && left.Hundredth().IsSame(right))
        || (right.Percent && !left.Percent && right.Hundredth().IsSame(left));

    /// <summary>Reads `12`, `+1,234.50` and `.5`; null where the text is anything else.</summary>
    public static ExactNumber? ReadDecimal(ReadOnlySpan<char> text)
    {
        var negative = text.StartsWith("-");
        if (negative || text.StartsWith("+"))
            text = text[1..];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        Span<char> digits = stackalloc char[MostDigits];
        var count = 0;
        if (whole.Length + fraction.Length is 0 or > MostDigits)
            return null;
        if (!AppendWhole(whole, digits, ref count) || !AppendDigits(fraction, digits, ref count))
            return null;
        var value = BigInteger.Parse(digits[..count], NumberStyles.None, CultureInfo.InvariantCulture);
        return Of(negative ? -value : value, BigInteger.Pow(10, fraction.Length));
    }

    /// <summary>Null where the denominator is 0.</summary>
    public static ExactNumber? Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            return null;
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return new ExactNumber(numerator / divisor, denominator / divisor);
    }

    public ExactNumber? DividedBy(ExactNumber other) => Of(Numerator * other.Denominator, Denominator * other.Numerator);

    public ExactNumber Plus(ExactNumber other) =>
        Of((Numerator * other.Denominator) + (other.Numerator * Denominator), Denominator * other.Denominator)!.Value;

    public ExactNumber Negated() => this with { Numerator = -Numerator };

    /// <summary>`18`, `3/4`, `28%`: one text for each value and percent sign.</summary>
    public override string ToString()
    {
        var sign = Percent ? "%" : "";
        return Denominator.IsOne
            ? string.Create(CultureInfo.InvariantCulture, $"{Numerator}{sign}")
            : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}{sign}");
    }

    private bool IsSame(ExactNumber other) => Numerator == other.Numerator && Denominator == other.Denominator;

    private ExactNumber Hundredth() => Of(Numerator, Denominator * 100)!.Value;

    private static bool AppendWhole(ReadOnlySpan<char> whole, Span<char> digits, ref int count)
    {
        var comma = whole.IndexOf(',');
        if (comma < 0)
            return AppendDigits(whole, digits, ref count);
        if (comma is 0 or > 3 || !AppendDigits(whole[..comma], digits, ref count))
            return false;
        for (whole = whole[comma..]; whole.Length > 0; whole = whole[4..])
        {
            if (whole.Length < 4 || whole[0] != ',' || !AppendDigits(whole[1..4], digits, ref count))
                return false;
        }
        return true;
    }

    private static bool AppendDigits(ReadOnlySpan<char> text, Span<char> digits, ref int count)
    {
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            digits[count++] = digit;
        }
        return true;
    }
}
