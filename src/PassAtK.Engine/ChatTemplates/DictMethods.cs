namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// The methods of dict. Those that change it work, unlike in the sandbox of transformers, which refuses them; a template that renders
/// there renders the same here.
/// </summary>
internal static class DictMethods
{
    public static FunctionValue? Bind(DictValue dict, string name)
    {
        Func<CallArguments, TemplateValue>? body = name switch
        {
            "items" => arguments => Items(dict, arguments),
            "keys" => arguments => Listed("keys", [.. dict.Entries.Keys], arguments),
            "values" => arguments => Listed("values", [.. dict.Entries.Values], arguments),
            "get" => arguments => Get(dict, arguments),
            "copy" => arguments => Copy(dict, arguments),
            "pop" => arguments => Pop(dict, arguments),
            "setdefault" => arguments => SetDefault(dict, arguments),
            "update" => arguments => Update(dict, arguments),
            _ => null,
        };
        return body is null ? null : new FunctionValue(name, body);
    }

    public static List<TemplateValue> Pairs(DictValue dict) =>
        [.. dict.Entries.Select(entry => new TupleValue([entry.Key, entry.Value]))];

    private static ListValue Items(DictValue dict, CallArguments arguments) => Listed("items", Pairs(dict), arguments);

    private static ListValue Listed(string name, List<TemplateValue> items, CallArguments arguments)
    {
        arguments.Bind($"{name}()");
        return arguments.Rendering.List(items);
    }

    private static TemplateValue Get(DictValue dict, CallArguments arguments)
    {
        var (key, fallback) = KeyAndDefault("get()", arguments);
        return dict.Entries.GetValueOrDefault(key) ?? fallback ?? TemplateValue.None;
    }

    private static DictValue Copy(DictValue dict, CallArguments arguments)
    {
        arguments.Bind("copy()");
        arguments.Rendering.WorkOnItems(dict.Entries.Count);
        var copy = new DictValue();
        foreach (var (key, value) in dict.Entries)
            copy.Entries[key] = value;
        return copy;
    }

    private static TemplateValue Pop(DictValue dict, CallArguments arguments)
    {
        var (key, fallback) = KeyAndDefault("pop()", arguments);
        arguments.Rendering.WorkOnItems(dict.Entries.Count);
        if (dict.Entries.Remove(key, out var value))
            return value;
        return fallback ?? throw arguments.Rendering.Fail($"pop() finds no key {PythonText.Repr(arguments.Rendering, key)}");
    }

    private static TemplateValue SetDefault(DictValue dict, CallArguments arguments)
    {
        var (key, fallback) = KeyAndDefault("setdefault()", arguments);
        if (!dict.Entries.TryGetValue(key, out var value))
            dict.Entries[key] = value = fallback ?? TemplateValue.None;
        arguments.Rendering.LimitItems(dict.Entries.Count);
        return value;
    }

    private static (TemplateValue Key, TemplateValue? Default) KeyAndDefault(string callee, CallArguments arguments)
    {
        if (arguments.Positional.Count == 0)
            throw arguments.Rendering.Fail($"{callee} needs a key");
        var bound = arguments.Bind(callee, "key", "default");
        return (Indexing.Key(arguments.Rendering, bound[0]!), bound[1]);
    }

    private static TemplateValue Update(DictValue dict, CallArguments arguments)
    {
        Merge(dict, arguments, "update()");
        return TemplateValue.None;
    }

    /// <summary>Takes over the entries of a dict or of a sequence of pairs, and then those given as keywords.</summary>
    public static void Merge(DictValue dict, CallArguments arguments, string callee)
    {
        var rendering = arguments.Rendering;
        if (arguments.Positional.Count > 1)
            throw rendering.Fail($"{callee} takes one value and keywords, found {arguments.Positional.Count} values");
        foreach (var source in arguments.Positional)
        {
            var pairs = source is DictValue other ? Pairs(other) : Iteration.Items(rendering, source);
            foreach (var pair in pairs)
            {
                var parts = Iteration.Items(rendering, pair);
                if (parts.Count != 2)
                    throw rendering.Fail($"{callee} expects pairs of key and value, found {parts.Count} items");
                dict.Entries[Indexing.Key(rendering, parts[0])] = parts[1];
            }
        }
        foreach (var (keyword, value) in arguments.Keywords)
            dict.Entries[new StringValue(keyword)] = value;
        rendering.LimitItems(dict.Entries.Count);
    }
}
