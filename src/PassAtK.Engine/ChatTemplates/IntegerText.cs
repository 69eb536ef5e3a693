using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's int(text, base).</summary>
internal static class IntegerText
{
    public static bool TryParse(string text, int radix, out BigInteger value)
    {
        value = BigInteger.Zero;
        var digits = PythonText.StripEnd(PythonText.StripStart(text));
        var negative = digits.StartsWith('-');
        digits = negative || digits.StartsWith('+') ? digits[1..] : digits;
        if (radix is 2 or 8 or 16 && digits.Length > 2 && digits[0] == '0' && Prefix(digits[1]) == radix)
            digits = digits[2..].TrimStart('_');
        // A text longer than any number here is refused before it costs time.
        if (radix is < 2 or > 36 || digits.Length is 0 or > 2000 || !TryDropUnderscores(digits, out digits))
            return false;
        foreach (var digit in digits)
        {
            var worth = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetter(digit) ? char.ToLowerInvariant(digit) - 'a' + 10 : 99;
            if (worth >= radix)
                return false;
            value = (value * radix) + worth;
        }
        value = negative ? -value : value;
        return true;
    }

    /// <summary>Drops `_`, which may stand only between digits.</summary>
    public static bool TryDropUnderscores(string text, out string digits)
    {
        digits = text.Replace("_", "");
        for (var i = text.IndexOf('_'); i >= 0; i = text.IndexOf('_', i + 1))
        {
            if (i == 0 || i + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[i - 1]) || !char.IsAsciiLetterOrDigit(text[i + 1]))
                return false;
        }
        return true;
    }

    private static int Prefix(char letter) => letter switch { 'b' or 'B' => 2, 'o' or 'O' => 8, 'x' or 'X' => 16, _ => 0 };
}
