namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's str.split, rsplit, splitlines and partition.</summary>
internal static class TextSplitting
{
    public static ListValue Split(string value, CallArguments arguments, bool fromEnd)
    {
        var callee = fromEnd ? "rsplit()" : "split()";
        var bound = arguments.Bind(callee, "sep", "maxsplit");
        var most = bound[1] is null ? -1 : arguments.ReadInteger(bound[1], $"maxsplit of {callee}");
        most = most < 0 ? int.MaxValue : most;
        var separator = bound[0] is null or NoneValue ? null : arguments.ReadText(bound[0], $"the separator of {callee}");
        if (separator is { Length: 0 })
            throw arguments.Rendering.Fail($"the separator of {callee} is empty");
        arguments.Rendering.WorkOnText(value.Length);
        var parts = (separator, fromEnd) switch
        {
            (null, false) => AtSpace(value, most),
            (null, true) => AtSpaceFromEnd(value, most),
            (_, false) => At(value, separator, most),
            _ => AtFromEnd(value, separator, most),
        };
        return arguments.Rendering.List([.. parts.Select(TemplateValue.Text)]);
    }

    private static List<string> At(string value, string separator, int most)
    {
        var parts = new List<string>();
        var from = 0;
        while (parts.Count < most && value.IndexOf(separator, from, StringComparison.Ordinal) is var found and >= 0)
        {
            parts.Add(value[from..found]);
            from = found + separator.Length;
        }
        parts.Add(value[from..]);
        return parts;
    }

    private static List<string> AtFromEnd(string value, string separator, int most)
    {
        var parts = new List<string>();
        var end = value.Length;
        while (parts.Count < most && value.AsSpan(0, end).LastIndexOf(separator) is var found and >= 0)
        {
            parts.Add(value[(found + separator.Length)..end]);
            end = found;
        }
        parts.Add(value[..end]);
        parts.Reverse();
        return parts;
    }

    /// <summary>At runs of white space; none at either end. What is left after the last split keeps the space at its end.</summary>
    private static List<string> AtSpace(string value, int most)
    {
        var parts = new List<string>();
        for (var start = SkipSpace(value, 0); start < value.Length;)
        {
            var end = parts.Count < most ? start : value.Length;
            while (end < value.Length && !PythonText.IsSpace(value[end]))
                end++;
            parts.Add(value[start..end]);
            start = SkipSpace(value, end);
        }
        return parts;
    }

    private static int SkipSpace(string value, int at)
    {
        while (at < value.Length && PythonText.IsSpace(value[at]))
            at++;
        return at;
    }

    private static List<string> AtSpaceFromEnd(string value, int most)
    {
        var parts = new List<string>();
        for (var end = SkipSpaceBack(value, value.Length); end > 0;)
        {
            var start = parts.Count < most ? end : 0;
            while (start > 0 && !PythonText.IsSpace(value[start - 1]))
                start--;
            parts.Add(value[start..end]);
            end = SkipSpaceBack(value, start);
        }
        parts.Reverse();
        return parts;
    }

    private static int SkipSpaceBack(string value, int at)
    {
        while (at > 0 && PythonText.IsSpace(value[at - 1]))
            at--;
        return at;
    }

    public static ListValue SplitLines(string value, CallArguments arguments)
    {
        var keepEnds = arguments.Bind("splitlines()", "keepends")[0] is { IsTrue: true };
        arguments.Rendering.WorkOnText(value.Length);
        return arguments.Rendering.List([.. Lines(value, keepEnds).Select(TemplateValue.Text)]);
    }

    /// <summary>The lines of a text at all the ends that Python knows; a last empty line does not count.</summary>
    public static List<string> Lines(string value, bool keepEnds = false)
    {
        var lines = new List<string>();
        var start = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029'))
                continue;
            var end = i;
            if (value[i] == '\r' && i + 1 < value.Length && value[i + 1] == '\n')
                i++;
            lines.Add(value[start..(keepEnds ? i + 1 : end)]);
            start = i + 1;
        }
        if (start < value.Length)
            lines.Add(value[start..]);
        return lines;
    }

    public static TupleValue Partition(string value, CallArguments arguments, bool fromEnd)
    {
        var callee = fromEnd ? "rpartition()" : "partition()";
        var separator = arguments.ReadText(arguments.Bind(callee, "sep")[0], $"the separator of {callee}");
        if (separator.Length == 0)
            throw arguments.Rendering.Fail($"the separator of {callee} is empty");
        arguments.Rendering.WorkOnText(value.Length);
        var found = fromEnd ? value.LastIndexOf(separator, StringComparison.Ordinal) : value.IndexOf(separator, StringComparison.Ordinal);
        string[] parts = found >= 0
            ? [value[..found], separator, value[(found + separator.Length)..]]
            : fromEnd ? ["", "", value] : [value, "", ""];
        return new TupleValue([.. parts.Select(TemplateValue.Text)]);
    }
}
