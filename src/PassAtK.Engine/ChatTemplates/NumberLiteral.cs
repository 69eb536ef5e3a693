using System.Globalization;
using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's number literals: decimal, 0b, 0o and 0x integers, floats with fraction or exponent, `_` between digits.</summary>
internal static class NumberLiteral
{
    /// <summary>Length of the number at the start of a text that starts with a digit, and whether it is a float.</summary>
    public static (int Length, bool IsFloat) Match(ReadOnlySpan<char> text, bool allowFloat)
    {
        if (allowFloat && MatchFloat(text) is var length and > 0)
            return (length, true);
        return (MatchInteger(text), false);
    }

    private static int MatchFloat(ReadOnlySpan<char> text)
    {
        var end = Digits(text, 0, 10);
        var isFloat = end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]);
        if (isFloat)
            end = Digits(text, end + 1, 10);
        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var exponent = end + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
                exponent++;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
                return Digits(text, exponent, 10);
        }
        return isFloat ? end : 0;
    }

    private static int MatchInteger(ReadOnlySpan<char> text)
    {
        if (text[0] != '0')
            return Digits(text, 0, 10);
        var radix = text.Length > 1 ? Radix(text[1]) : 0;
        if (radix != 0 && Digits(text, 2, radix) is var length and > 2)
            return length;
        // A leading zero allows only zeros: `012` is the two numbers 0 and 12, as in Jinja2.
        return Digits(text, 0, 1);
    }

    public static BigInteger ParseInteger(string text)
    {
        var radix = text.Length > 2 && text[0] == '0' ? Radix(text[1]) : 0;
        if (radix == 0)
            return BigInteger.Parse(text, CultureInfo.InvariantCulture);
        var value = BigInteger.Zero;
        foreach (var digit in text.AsSpan(2))
            value = (value * radix) + Digit(digit);
        return value;
    }

    private static int Radix(char letter) => letter switch { 'b' or 'B' => 2, 'o' or 'O' => 8, 'x' or 'X' => 16, _ => 0 };

    private static int Digit(char digit) => char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : 99;

    private static int Digits(ReadOnlySpan<char> text, int start, int radix)
    {
        var end = start;
        while (end < text.Length)
        {
            var next = text[end] == '_' && end + 1 < text.Length ? end + 1 : end;
            if (Digit(text[next]) >= radix)
                break;
            end = next + 1;
        }
        return end;
    }
}
