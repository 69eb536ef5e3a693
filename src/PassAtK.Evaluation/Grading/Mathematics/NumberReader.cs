using System.Text;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Reads a number where it begins: digits, thousands in groups of three (`1,234`, `1{,}234`, `1,\!234`, `1 234`, `1\,234`), a fraction, a
/// repeating part (`0.\overline{3}`) and an exponent (`1.5e-07`).
/// </summary>
internal static class NumberReader
{
    private static readonly string[] Separators =
    [
        "{,}\\!", "{,}", ",\\!\\!", ",\\!", ",\\,", "\\,", "\\;", "\\ ", "{\\,}", "~", " ", "\u00a0", "\u202f", "\u2009",
    ];

    private static readonly string[] Overlines = [@"\overline{", @"\bar{", @"\dot{"];

    /// <summary>The position after the number; its digits, as <see cref="TokenKind.Number"/> writes them.</summary>
    public static int End(string text, int start, bool commasGroup, out string digits)
    {
        var number = new StringBuilder();
        var at = Digits(text, start, number);
        if (at - start is 1 or 2 or 3 && text[start] != '0')
        {
            for (var group = AfterSeparator(text, at, commasGroup); group > 0; group = AfterSeparator(text, at, commasGroup))
                at = Digits(text, group, number);
        }
        if (number.Length == 0)
            number.Append('0');
        if (at < text.Length && text[at] == '.' && StartsFraction(text, at + 1))
        {
            number.Append('.');
            at = Digits(text, at + 1, number);
            at = Repeating(text, at, number);
        }
        at = Exponent(text, at, number);
        digits = number.ToString();
        return at;
    }

    /// <summary>Where three more digits begin, and no fourth follows; -1 where none do.</summary>
    private static int AfterSeparator(string text, int at, bool commasGroup)
    {
        if (commasGroup && IsGroup(text, at + 1) && text[at] == ',')
            return at + 1;
        foreach (var separator in Separators)
        {
            if (string.CompareOrdinal(text, at, separator, 0, separator.Length) != 0)
                continue;
            var group = at + separator.Length;
            while (separator[^1] == '!' && group < text.Length && text[group] == ' ')
                group++;
            if (IsGroup(text, group))
                return group;
        }
        return -1;
    }

    private static bool IsGroup(string text, int at)
    {
        if (at + 3 > text.Length)
            return false;
        for (var digit = at; digit < at + 3; digit++)
        {
            if (!char.IsAsciiDigit(text[digit]))
                return false;
        }
        return at + 3 == text.Length || !char.IsAsciiDigit(text[at + 3]);
    }

    private static bool StartsFraction(string text, int at) =>
        at < text.Length && (char.IsAsciiDigit(text[at]) || Array.Exists(Overlines, mark => StartsWith(text, at, mark)));

    private static int Repeating(string text, int at, StringBuilder number)
    {
        foreach (var mark in Overlines)
        {
            if (!StartsWith(text, at, mark))
                continue;
            var part = new StringBuilder();
            var end = Digits(text, at + mark.Length, part);
            if (part.Length == 0 || end == text.Length || text[end] != '}')
                return at;
            number.Append('(').Append(part).Append(')');
            return end + 1;
        }
        return at;
    }

    /// <summary>A sign and at least two digits, or a capital E: `2e-3` alone may be 2 times Euler's number less 3.</summary>
    private static int Exponent(string text, int at, StringBuilder number)
    {
        if (at + 1 >= text.Length || text[at] is not ('e' or 'E'))
            return at;
        var signed = text[at + 1] is '-' or '+';
        var exponent = new StringBuilder();
        var end = Digits(text, at + (signed ? 2 : 1), exponent);
        var isExponent = exponent.Length is > 0 and < 5
            && (text[at] == 'E' || number.ToString().Contains('.', StringComparison.Ordinal) || (signed && exponent.Length > 1));
        if (!isExponent || (end < text.Length && char.IsLetterOrDigit(text[end])))
            return at;
        number.Append('e').Append(signed && text[at + 1] == '-' ? "-" : "").Append(exponent);
        return end;
    }

    private static int Digits(string text, int at, StringBuilder digits)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            digits.Append(text[at++]);
        return at;
    }

    private static bool StartsWith(string text, int at, string part) => string.CompareOrdinal(text, at, part, 0, part.Length) == 0;
}
