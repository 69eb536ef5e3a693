namespace PassAtK.Engine.ChatTemplates;

/// <summary>Filters that take any value.</summary>
internal static class ValueFilters
{
    public static TemplateValue Default(TemplateValue value, CallArguments arguments)
    {
        var bound = arguments.Bind("default", "default_value", "boolean");
        var missing = value is UndefinedValue || (bound[1] is { IsTrue: true } && !value.IsTrue);
        return missing ? bound[0] ?? TemplateValue.Text("") : value;
    }

    public static TemplateValue Text(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("string");
        return arguments.Rendering.Text(PythonText.Str(arguments.Rendering, value));
    }

    /// <summary>An attribute proper: keys of a dict do not count.</summary>
    public static TemplateValue Attr(TemplateValue value, CallArguments arguments)
    {
        var name = arguments.ReadText(arguments.Bind("attr", "name")[0], "the name given to attr");
        if (value is UndefinedValue undefined)
            throw arguments.Rendering.Fail(undefined.Complaint);
        return Members.Method(value, name) ?? new UndefinedValue($"{value.Described} has no attribute '{name}'");
    }

    /// <summary>The tojson of transformers: json.dumps, not Jinja2's HTML-safe one.</summary>
    public static TemplateValue ToJson(TemplateValue value, CallArguments arguments)
    {
        var bound = arguments.Bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        var indent = Indent(bound[1], arguments);
        var item = indent is null ? ", " : ",";
        var key = ": ";
        if (bound[2] is not (null or NoneValue))
        {
            var separators = Iteration.Items(arguments.Rendering, bound[2]!);
            if (separators.Count != 2)
                throw arguments.Rendering.Fail($"tojson expects 2 separators, found {separators.Count}");
            item = arguments.ReadText(separators[0], "a separator of tojson");
            key = arguments.ReadText(separators[1], "a separator of tojson");
        }
        var ensureAscii = bound[0] is { IsTrue: true };
        var sortKeys = bound[3] is { IsTrue: true };
        return new TemplateJson(arguments.Rendering, ensureAscii, indent, item, key, sortKeys).Write(value);
    }

    private static string? Indent(TemplateValue? value, CallArguments arguments)
    {
        if (value is null or NoneValue)
            return null;
        if (value is StringValue text)
            return text.Value;
        var width = Math.Max(0, arguments.ReadInteger(value, "the indent of tojson"));
        arguments.Rendering.WorkOnText(width);
        return new string(' ', width);
    }
}
