namespace PassAtK.Engine.ChatTemplates;

/// <summary>The methods of str.</summary>
internal static class TextMethods
{
    public static FunctionValue? Bind(StringValue text, string name)
    {
        Func<string, CallArguments, TemplateValue>? method = name switch
        {
            "strip" => (value, arguments) => Strip("strip()", value, arguments, start: true, end: true),
            "lstrip" => (value, arguments) => Strip("lstrip()", value, arguments, start: true, end: false),
            "rstrip" => (value, arguments) => Strip("rstrip()", value, arguments, start: false, end: true),
            "split" => (value, arguments) => TextSplitting.Split(value, arguments, fromEnd: false),
            "rsplit" => (value, arguments) => TextSplitting.Split(value, arguments, fromEnd: true),
            "splitlines" => TextSplitting.SplitLines,
            "partition" => (value, arguments) => TextSplitting.Partition(value, arguments, fromEnd: false),
            "rpartition" => (value, arguments) => TextSplitting.Partition(value, arguments, fromEnd: true),
            "startswith" => (value, arguments) => Matches("startswith()", value, arguments, value.StartsWith),
            "endswith" => (value, arguments) => Matches("endswith()", value, arguments, value.EndsWith),
            "removeprefix" => RemovePrefix,
            "removesuffix" => RemoveSuffix,
            "upper" => (value, arguments) => Mapped("upper()", TextCase.Upper(value), arguments),
            "lower" => (value, arguments) => Mapped("lower()", TextCase.Lower(value), arguments),
            "title" => (value, arguments) => Mapped("title()", TextCase.Title(value), arguments),
            "capitalize" => (value, arguments) => Mapped("capitalize()", TextCase.Capitalize(value), arguments),
            "swapcase" => (value, arguments) => Mapped("swapcase()", TextCase.Swap(value), arguments),
            "replace" => Replace,
            "join" => Join,
            "find" => (value, arguments) => Find("find()", value, arguments, fromEnd: false),
            "rfind" => (value, arguments) => Find("rfind()", value, arguments, fromEnd: true),
            "index" => Index,
            "count" => Count,
            "format" => BraceFormat.Format,
            "isdigit" or "isdecimal" or "isnumeric" => (value, arguments) => Is(name, value, arguments, char.IsDigit),
            "isalpha" => (value, arguments) => Is(name, value, arguments, char.IsLetter),
            "isalnum" => (value, arguments) => Is(name, value, arguments, char.IsLetterOrDigit),
            "isspace" => (value, arguments) => Is(name, value, arguments, PythonText.IsSpace),
            "isupper" => (value, arguments) => Checked(name, TextCase.IsUpper(value), arguments),
            "islower" => (value, arguments) => Checked(name, TextCase.IsLower(value), arguments),
            "zfill" => ZeroFill,
            "ljust" => (value, arguments) => Pad("ljust()", value, arguments, atStart: false),
            "rjust" => (value, arguments) => Pad("rjust()", value, arguments, atStart: true),
            _ => null,
        };
        return method is null ? null : new FunctionValue(name, arguments =>
        {
            arguments.Rendering.WorkOn(text);
            return method(text.Value, arguments);
        });
    }

    private static StringValue Mapped(string callee, string result, CallArguments arguments)
    {
        arguments.Bind(callee);
        return arguments.Rendering.Text(result);
    }

    private static TemplateValue Checked(string callee, bool result, CallArguments arguments)
    {
        arguments.Bind($"{callee}()");
        return TemplateValue.Boolean(result);
    }

    private static TemplateValue Is(string callee, string value, CallArguments arguments, Predicate<char> predicate) =>
        Checked(callee, value.Length > 0 && Array.TrueForAll(value.ToCharArray(), predicate), arguments);

    private static StringValue Strip(string callee, string value, CallArguments arguments, bool start, bool end)
    {
        var characters = arguments.Bind(callee, "chars")[0];
        return arguments.Rendering.Text(Strip(arguments, value, characters, start, end));
    }

    /// <summary>Strips the code points in a set, or white space where the set is absent or None.</summary>
    public static string Strip(CallArguments arguments, string value, TemplateValue? characters, bool start, bool end)
    {
        if (characters is null or NoneValue)
        {
            value = start ? PythonText.StripStart(value) : value;
            return end ? PythonText.StripEnd(value) : value;
        }
        var set = CodePoints.Split(arguments.ReadText(characters, "the characters to strip")).ToHashSet();
        var points = CodePoints.Split(value);
        var from = 0;
        var to = points.Count;
        while (start && from < to && set.Contains(points[from]))
            from++;
        while (end && to > from && set.Contains(points[to - 1]))
            to--;
        return CodePoints.Join(points.GetRange(from, to - from));
    }

    private static TemplateValue Matches(
        string callee, string value, CallArguments arguments, Func<string, StringComparison, bool> matches)
    {
        _ = value;
        var affix = arguments.Bind(callee, "affix")[0];
        var candidates = affix is TupleValue tuple ? tuple.Items : [affix ?? TemplateValue.None];
        return TemplateValue.Boolean(candidates.Any(
            candidate => matches(arguments.ReadText(candidate, $"the argument of {callee}"), StringComparison.Ordinal)));
    }

    private static StringValue RemovePrefix(string value, CallArguments arguments)
    {
        var prefix = arguments.ReadText(arguments.Bind("removeprefix()", "prefix")[0], "the argument of removeprefix()");
        return arguments.Rendering.Text(value.StartsWith(prefix, StringComparison.Ordinal) ? value[prefix.Length..] : value);
    }

    private static StringValue RemoveSuffix(string value, CallArguments arguments)
    {
        var suffix = arguments.ReadText(arguments.Bind("removesuffix()", "suffix")[0], "the argument of removesuffix()");
        return arguments.Rendering.Text(value.EndsWith(suffix, StringComparison.Ordinal) ? value[..^suffix.Length] : value);
    }

    private static StringValue Replace(string value, CallArguments arguments)
    {
        var bound = arguments.Bind("replace()", "old", "new", "count");
        var old = arguments.ReadText(bound[0], "the first argument of replace()");
        var fresh = arguments.ReadText(bound[1], "the second argument of replace()");
        var count = bound[2] is null ? -1 : arguments.ReadInteger(bound[2], "the count of replace()");
        return TextReplacing.Replace(arguments.Rendering, value, old, fresh, count);
    }

    private static StringValue Join(string value, CallArguments arguments)
    {
        var items = arguments.Bind("join()", "iterable")[0] ?? TemplateValue.None;
        var texts = Iteration.Items(arguments.Rendering, items).Select(item => arguments.ReadText(item, "an item given to join()"));
        return TextReplacing.Join(arguments.Rendering, texts, value);
    }

    private static TemplateValue Find(string callee, string value, CallArguments arguments, bool fromEnd)
    {
        var part = arguments.ReadText(arguments.Bind(callee, "sub")[0], $"the argument of {callee}");
        arguments.Rendering.WorkOnText(value.Length);
        var index = fromEnd ? value.LastIndexOf(part, StringComparison.Ordinal) : value.IndexOf(part, StringComparison.Ordinal);
        return TemplateValue.Integer(index < 0 ? -1 : CodePoints.Count(value[..index]));
    }

    private static IntegerValue Index(string value, CallArguments arguments) =>
        Find("index()", value, arguments, fromEnd: false) is IntegerValue { Value.Sign: >= 0 } found
            ? found
            : throw arguments.Rendering.Fail("index() finds no such substring");

    private static TemplateValue Count(string value, CallArguments arguments)
    {
        var part = arguments.ReadText(arguments.Bind("count()", "sub")[0], "the argument of count()");
        arguments.Rendering.WorkOnText(value.Length);
        if (part.Length == 0)
            return TemplateValue.Integer(CodePoints.Count(value) + 1);
        return TemplateValue.Integer(value.AsSpan().Count(part));
    }

    private static StringValue ZeroFill(string value, CallArguments arguments)
    {
        var width = arguments.ReadInteger(arguments.Bind("zfill()", "width")[0], "the width of zfill()");
        arguments.Rendering.WorkOnText(width);
        var sign = value.Length > 0 && value[0] is '+' or '-' ? 1 : 0;
        var missing = Math.Max(0, width - CodePoints.Count(value));
        return arguments.Rendering.Text(value.Insert(sign, new string('0', missing)));
    }

    private static StringValue Pad(string callee, string value, CallArguments arguments, bool atStart)
    {
        var bound = arguments.Bind(callee, "width", "fillchar");
        var width = arguments.ReadInteger(bound[0], $"the width of {callee}");
        var fill = bound[1] is null ? " " : arguments.ReadText(bound[1], $"the filling of {callee}");
        if (fill.Length != 1)
            throw arguments.Rendering.Fail($"the filling of {callee} is '{fill}', expected one character");
        arguments.Rendering.WorkOnText(width);
        var padding = new string(fill[0], Math.Max(0, width - CodePoints.Count(value)));
        return arguments.Rendering.Text(atStart ? padding + value : value + padding);
    }
}
