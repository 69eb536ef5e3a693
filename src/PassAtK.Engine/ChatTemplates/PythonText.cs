using System.Globalization;
using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's str() and repr() of values, and what it takes for white space.</summary>
internal static class PythonText
{
    /// <summary>str.isspace of a character; unlike .NET, the separators U+001C to U+001F count.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    public static bool IsAllSpace(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!IsSpace(character))
                return false;
        }
        return true;
    }

    public static string StripStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text[start..];
    }

    public static string StripEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    public static string Str(Rendering rendering, TemplateValue value)
    {
        switch (value)
        {
            case StringValue text:
                return text.Value;
            case UndefinedValue:
                return "";
            default:
                return Repr(rendering, value);
        }
    }

    public static string Repr(Rendering rendering, TemplateValue value)
    {
        var output = new StringBuilder();
        AppendRepr(rendering, value, output);
        return output.ToString();
    }

    private static void AppendRepr(Rendering rendering, TemplateValue value, StringBuilder output)
    {
        rendering.Enter();
        var start = output.Length;
        switch (value)
        {
            case StringValue text: AppendQuoted(text.Value, output); break;
            case NoneValue: output.Append("None"); break;
            case BooleanValue boolean: output.Append(boolean.Value ? "True" : "False"); break;
            case IntegerValue integer: output.Append(integer.Value.ToString(CultureInfo.InvariantCulture)); break;
            case FloatValue number: output.Append(PythonFloat.Repr(number.Value)); break;
            case UndefinedValue: output.Append("Undefined"); break;
            case ListValue list: AppendItems(rendering, list.Items, "[", "]", output); break;
            case TupleValue tuple: AppendItems(rendering, tuple.Items, "(", tuple.Items.Count == 1 ? ",)" : ")", output); break;
            case DictValue dict: AppendDict(rendering, dict, output); break;
            case NamespaceValue space:
                output.Append("<Namespace ");
                AppendDict(rendering, AsDict(space), output);
                output.Append('>');
                break;
            default: throw rendering.Fail($"{value.Described} cannot be printed");
        }
        rendering.WorkOnText(output.Length - start);
        rendering.Leave();
    }

    private static void AppendItems(
        Rendering rendering, IReadOnlyList<TemplateValue> items, string open, string close, StringBuilder output)
    {
        output.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            output.Append(i > 0 ? ", " : "");
            AppendRepr(rendering, items[i], output);
        }
        output.Append(close);
    }

    private static void AppendDict(Rendering rendering, DictValue dict, StringBuilder output)
    {
        output.Append('{');
        var separator = "";
        foreach (var (key, value) in dict.Entries)
        {
            output.Append(separator);
            AppendRepr(rendering, key, output);
            output.Append(": ");
            AppendRepr(rendering, value, output);
            separator = ", ";
        }
        output.Append('}');
    }

    private static DictValue AsDict(NamespaceValue space)
    {
        var dict = new DictValue();
        foreach (var (name, value) in space.Attributes)
            dict.Entries[new StringValue(name)] = value;
        return dict;
    }

    /// <summary>repr of a str: single quotes unless only those occur inside; what does not print is escaped.</summary>
    private static void AppendQuoted(string text, StringBuilder output)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        output.Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var codePoint = char.IsSurrogatePair(text, i) ? char.ConvertToUtf32(text[i], text[++i]) : text[i];
            switch (codePoint)
            {
                case '\n': output.Append("\\n"); break;
                case '\r': output.Append("\\r"); break;
                case '\t': output.Append("\\t"); break;
                case '\\': output.Append("\\\\"); break;
                case var c when c == quote: output.Append('\\').Append(quote); break;
                case var c when IsPrintable(c): output.Append(c > 0xFFFF ? char.ConvertFromUtf32(c) : ((char)c).ToString()); break;
                case <= 0xFF: output.Append(CultureInfo.InvariantCulture, $"\\x{codePoint:x2}"); break;
                case <= 0xFFFF: output.Append(CultureInfo.InvariantCulture, $"\\u{codePoint:x4}"); break;
                default: output.Append(CultureInfo.InvariantCulture, $"\\U{codePoint:x8}"); break;
            }
        }
        output.Append(quote);
    }

    private static bool IsPrintable(int codePoint) => codePoint == ' ' || (CharUnicodeInfo.GetUnicodeCategory(codePoint) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator));
}
