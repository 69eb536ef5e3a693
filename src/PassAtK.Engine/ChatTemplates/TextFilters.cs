using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Filters on text; what is no str is turned into one first.</summary>
internal static class TextFilters
{
    public static TemplateValue Upper(TemplateValue value, CallArguments arguments) => Mapped("upper", value, arguments, TextCase.Upper);

    public static TemplateValue Lower(TemplateValue value, CallArguments arguments) => Mapped("lower", value, arguments, TextCase.Lower);

    public static TemplateValue Capitalize(TemplateValue value, CallArguments arguments) =>
        Mapped("capitalize", value, arguments, TextCase.Capitalize);

    public static TemplateValue Title(TemplateValue value, CallArguments arguments) => Mapped("title", value, arguments, TitleWords);

    public static TemplateValue Escape(TemplateValue value, CallArguments arguments) => Mapped("escape", value, arguments, EscapeMarkup);

    private static StringValue Mapped(string filter, TemplateValue value, CallArguments arguments, Func<string, string> map)
    {
        arguments.Bind(filter);
        return arguments.Rendering.Text(map(PythonText.Str(arguments.Rendering, value)));
    }

    private static string EscapeMarkup(string text) => text
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("'", "&#39;").Replace("\"", "&#34;");

    /// <summary>Unlike str.title: a word starts after white space, a dash or an opening bracket only.</summary>
    private static string TitleWords(string text)
    {
        var output = new StringBuilder(text.Length);
        var starts = true;
        foreach (var point in CodePoints.Split(text))
        {
            output.Append(starts ? TextCase.Upper(point) : TextCase.Lower(point));
            starts = PythonText.IsSpace(point[0]) || point[0] is '-' or '(' or '{' or '[' or '<';
        }
        return output.ToString();
    }

    public static TemplateValue Trim(TemplateValue value, CallArguments arguments)
    {
        var characters = arguments.Bind("trim", "chars")[0];
        var text = PythonText.Str(arguments.Rendering, value);
        return arguments.Rendering.Text(TextMethods.Strip(arguments, text, characters, start: true, end: true));
    }

    public static TemplateValue Replace(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("replace", "old", "new", "count");
        if (bound[0] is null || bound[1] is null)
            throw rendering.Fail("replace needs an old and a new text");
        var count = bound[2] is null or NoneValue ? -1 : arguments.ReadInteger(bound[2], "the count of replace");
        return TextReplacing.Replace(
            rendering, PythonText.Str(rendering, value), PythonText.Str(rendering, bound[0]!), PythonText.Str(rendering, bound[1]!), count);
    }

    public static TemplateValue Indent(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("indent", "width", "first", "blank");
        var text = arguments.ReadText(value is UndefinedValue ? TemplateValue.Text("") : value, "what indent takes");
        var indentation = bound[0] switch
        {
            null => "    ",
            StringValue given => given.Value,
            var width => Spaces(arguments.ReadInteger(width, "the width of indent"), rendering),
        };
        var blank = bound[2] is { IsTrue: true };
        var lines = TextSplitting.Lines(text + "\n");
        rendering.WorkOnText(text.Length + ((long)lines.Count * indentation.Length));
        var indented = lines.Select((line, i) => i > 0 && (blank || line.Length > 0) ? indentation + line : line);
        var result = string.Join('\n', indented);
        return rendering.Text(bound[1] is { IsTrue: true } ? indentation + result : result);
    }

    private static string Spaces(int width, Rendering rendering)
    {
        rendering.WorkOnText(width);
        return new string(' ', Math.Max(0, width));
    }

    public static TemplateValue Center(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("center", "width");
        var width = bound[0] is null ? 80 : arguments.ReadInteger(bound[0], "the width of center");
        rendering.WorkOnText(width);
        var text = PythonText.Str(rendering, value);
        var missing = Math.Max(0, width - CodePoints.Count(text));
        // Python puts the odd space on the left only when the width is odd too.
        var left = (missing / 2) + (missing & width & 1);
        return rendering.Text(new string(' ', left) + text + new string(' ', missing - left));
    }

    public static TemplateValue Format(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        if (arguments.Keywords.Count > 0)
            throw rendering.Fail("format with keywords is not supported");
        return PercentFormat.Format(rendering, PythonText.Str(rendering, value), new TupleValue(arguments.Positional));
    }

    /// <summary>Words as the regular expression `\w+` finds them.</summary>
    public static TemplateValue WordCount(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("wordcount");
        var words = 0;
        var inside = false;
        foreach (var rune in PythonText.Str(arguments.Rendering, value).EnumerateRunes())
        {
            var isWord = Rune.IsLetterOrDigit(rune) || rune.Value == '_';
            words += isWord && !inside ? 1 : 0;
            inside = isWord;
        }
        return TemplateValue.Integer(words);
    }
}
