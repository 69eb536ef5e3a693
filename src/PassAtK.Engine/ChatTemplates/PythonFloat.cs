using System.Globalization;
using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Floats as Python writes and rounds them.</summary>
internal static class PythonFloat
{
    /// <summary>repr: the shortest digits that read back as the same float; scientific below 1e-4 and from 1e16.</summary>
    public static string Repr(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
            return sign + "0.0";
        var (digits, exponent) = ShortestDigits(Math.Abs(value));
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var power = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{power}";
        }
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        digits = digits.PadRight(exponent + 2, '0');
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>The digits d1 d2 ... and e of d1.d2... x 10^e.</summary>
    private static (string Digits, int Exponent) ShortestDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.');
        var all = mantissa.Replace(".", "");
        var leadingZeros = all.Length - all.TrimStart('0').Length;
        exponent += (point < 0 ? mantissa.Length : point) - 1 - leadingZeros;
        var digits = all.Trim('0');
        return (digits, exponent);
    }

    /// <summary>round(value, digits): the exact decimal value is rounded, ties to even.</summary>
    public static double Round(double value, int digits)
    {
        // Beyond these a float has no digits left to round, or nothing above zero.
        if (!double.IsFinite(value) || digits > 323)
            return value;
        if (digits < -308)
            return double.CopySign(0, value);
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> 52);
        var mantissa = new BigInteger((bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52));
        var shift = Math.Max(exponent, 1) - 1075;
        var numerator = mantissa * (shift > 0 ? BigInteger.One << shift : 1) * (digits > 0 ? BigInteger.Pow(10, digits) : 1);
        var denominator = (shift < 0 ? BigInteger.One << -shift : 1) * (digits < 0 ? BigInteger.Pow(10, -digits) : 1);
        var quotient = RoundedDivision(numerator, denominator);
        var rounded = double.Parse($"{quotient}E{-digits}", CultureInfo.InvariantCulture);
        return double.CopySign(rounded, value);
    }

    /// <summary>numerator / denominator (both at least 0) to the nearest integer, ties to even.</summary>
    public static BigInteger RoundedDivision(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var twice = (remainder * 2).CompareTo(denominator);
        return twice > 0 || (twice == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
