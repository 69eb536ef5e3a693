using System.Globalization;
using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// JSON as Python's json.dumps writes it, with the defaults of the tojson that transformers gives to chat templates: characters
/// beyond ASCII stay, `, ` and `: ` separate on one line, `,` and `: ` when indented.
/// </summary>
internal sealed class TemplateJson(Rendering rendering, bool ensureAscii, string? indent, string item, string key, bool sortKeys)
{
    private readonly StringBuilder _output = new();

    /// <exception cref="InputException">A value that JSON has no form for.</exception>
    public StringValue Write(TemplateValue value)
    {
        Append(value, 0);
        return new StringValue(_output.ToString());
    }

    private void Append(TemplateValue value, int level)
    {
        rendering.Enter();
        var start = _output.Length;
        switch (value)
        {
            case NoneValue: _output.Append("null"); break;
            case StringValue text: AppendText(text.Value); break;
            case BooleanValue or IntegerValue or FloatValue: _output.Append(Scalar(value)); break;
            case ListValue list: AppendList(list.Items, level); break;
            case TupleValue tuple: AppendList(tuple.Items, level); break;
            case DictValue dict: AppendDict(dict, level); break;
            case UndefinedValue undefined: throw rendering.Fail(undefined.Complaint);
            default: throw rendering.Fail($"{value.Described} has no form in JSON");
        }
        rendering.WorkOnText(_output.Length - start);
        rendering.Leave();
    }

    private string Scalar(TemplateValue value) => value switch
    {
        BooleanValue boolean => boolean.Value ? "true" : "false",
        NoneValue => "null",
        FloatValue number when double.IsNaN(number.Value) => "NaN",
        FloatValue number when double.IsInfinity(number.Value) => number.Value > 0 ? "Infinity" : "-Infinity",
        _ => PythonText.Str(rendering, value),
    };

    private void AppendList(IReadOnlyList<TemplateValue> items, int level)
    {
        _output.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            AppendSeparator(i, level + 1);
            Append(items[i], level + 1);
        }
        AppendEnd(items.Count, level);
        _output.Append(']');
    }

    private void AppendDict(DictValue dict, int level)
    {
        _output.Append('{');
        List<TemplateValue> keys = [.. dict.Entries.Keys];
        if (sortKeys)
            keys = StableSort.Sort(rendering, keys, entry => entry, descending: false);
        for (var i = 0; i < keys.Count; i++)
        {
            AppendSeparator(i, level + 1);
            AppendText(keys[i] is StringValue text ? text.Value : Scalar(keys[i]));
            _output.Append(key);
            Append(dict.Entries[keys[i]], level + 1);
        }
        AppendEnd(keys.Count, level);
        _output.Append('}');
    }

    private void AppendSeparator(int index, int level)
    {
        if (index > 0)
            _output.Append(item);
        AppendLine(level);
    }

    private void AppendEnd(int count, int level)
    {
        if (count > 0)
            AppendLine(level);
    }

    private void AppendLine(int level)
    {
        if (indent is null)
            return;
        rendering.WorkOnText(_output.Length == 0 ? 0 : (long)indent.Length * level);
        _output.Append('\n');
        for (var i = 0; i < level; i++)
            _output.Append(indent);
    }

    private void AppendText(string text)
    {
        _output.Append('"');
        foreach (var character in text)
        {
            switch (character)
            {
                case '"': _output.Append("\\\""); break;
                case '\\': _output.Append("\\\\"); break;
                case '\n': _output.Append("\\n"); break;
                case '\r': _output.Append("\\r"); break;
                case '\t': _output.Append("\\t"); break;
                case '\f': _output.Append("\\f"); break;
                case '\b': _output.Append("\\b"); break;
                case < ' ': AppendEscape(character); break;
                case > '~' when ensureAscii: AppendEscape(character); break;
                default: _output.Append(character); break;
            }
        }
        _output.Append('"');
    }

    private void AppendEscape(char character) => _output.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
}
