using System.Globalization;
using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>The exact value of a decimal, also of one that repeats: `0.1(6)` is 1/6.</summary>
internal static class DecimalValue
{
    /// <summary>Most digits, so that reading stays cheap.</summary>
    public const int MostDigits = 1200;

    /// <param name="digits">Digits, at most one point, at most one group in brackets at the end.</param>
    /// <param name="decimals">Digits after the point; -1 for a whole number, and for a repeating one, which is exact.</param>
    public static Rational Read(string digits, out int decimals)
    {
        if (digits.Length > MostDigits)
            throw new UnreadableException();
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            decimals = -1;
            return new Rational(Whole(digits));
        }
        var repeating = digits.IndexOf('(', StringComparison.Ordinal);
        if (repeating < 0)
        {
            decimals = digits.Length - point - 1;
            return new Rational(Whole(digits.Remove(point, 1)), BigInteger.Pow(10, decimals));
        }
        decimals = -1;
        // With n digits before and m in the bracket: (all digits - digits before) / (10^n (10^m - 1)).
        var before = digits[..repeating].Remove(point, 1);
        var period = digits[(repeating + 1)..^1];
        var scale = BigInteger.Pow(10, repeating - point - 1) * (BigInteger.Pow(10, period.Length) - 1);
        return new Rational(Whole(before + period) - Whole(before), scale);
    }

    private static BigInteger Whole(string digits) =>
        digits.Length == 0 ? 0 : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
