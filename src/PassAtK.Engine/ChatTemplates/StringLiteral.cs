using System.Globalization;
using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's escapes in string literals. An unknown escape stays as it is written, backslash included.</summary>
internal static class StringLiteral
{
    /// <summary>The text that a literal's body stands for, or null where an escape is malformed.</summary>
    public static string? Unescape(string body)
    {
        if (!body.Contains('\\'))
            return body;
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i]);
                continue;
            }
            var escape = body[++i];
            switch (escape)
            {
                case '\n': break;
                case '\\' or '\'' or '"': text.Append(escape); break;
                case 'a': text.Append('\a'); break;
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'v': text.Append('\v'); break;
                case >= '0' and <= '7': i = AppendOctal(body, i, text); break;
                case 'x' or 'u' or 'U':
                    var digits = escape switch { 'x' => 2, 'u' => 4, _ => 8 };
                    if (!TryAppendHex(body, i + 1, digits, text))
                        return null;
                    i += digits;
                    break;
                case 'N': return null;
                default: text.Append('\\').Append(escape); break;
            }
        }
        return text.ToString();
    }

    private static int AppendOctal(string body, int start, StringBuilder text)
    {
        var value = 0;
        var end = start;
        while (end < body.Length && end < start + 3 && body[end] is >= '0' and <= '7')
            value = (value * 8) + body[end++] - '0';
        text.Append((char)value);
        return end - 1;
    }

    private static bool TryAppendHex(string body, int start, int digits, StringBuilder text)
    {
        if (start + digits > body.Length
            || !uint.TryParse(body.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || value > 0x10FFFF)
        {
            return false;
        }
        if (value > 0xFFFF)
            text.Append(char.ConvertFromUtf32((int)value));
        else
            text.Append((char)value);
        return true;
    }
}
