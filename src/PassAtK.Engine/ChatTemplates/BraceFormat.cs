using System.Globalization;
using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// Python's str.format with plain fields: `{}`, `{0}`, `{name}`, and `{{` and `}}` for braces. Format specifications are refused.
/// </summary>
internal static class BraceFormat
{
    public static StringValue Format(string format, CallArguments arguments)
    {
        var output = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is not ('{' or '}'))
            {
                output.Append(format[i]);
                continue;
            }
            if (i + 1 < format.Length && format[i + 1] == format[i])
            {
                output.Append(format[i++]);
                continue;
            }
            var end = format[i] == '{' ? format.IndexOf('}', i) : -1;
            if (end < 0)
                throw arguments.Rendering.Fail($"the format '{format}' has a single '{format[i]}'");
            var field = format[(i + 1)..end];
            output.Append(PythonText.Str(arguments.Rendering, Find(field, ref next, arguments)));
            arguments.Rendering.WorkOnText(output.Length);
            i = end;
        }
        return arguments.Rendering.Text(output.ToString());
    }

    private static TemplateValue Find(string field, ref int next, CallArguments arguments)
    {
        if (field.Length == 0 || int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            index = field.Length == 0 ? next++ : int.Parse(field, CultureInfo.InvariantCulture);
            return index < arguments.Positional.Count
                ? arguments.Positional[index]
                : throw arguments.Rendering.Fail($"format() has no argument {index}");
        }
        foreach (var (keyword, value) in arguments.Keywords)
        {
            if (keyword == field)
                return value;
        }
        throw arguments.Rendering.Fail($"format() has no argument for the field '{{{field}}}'");
    }
}
