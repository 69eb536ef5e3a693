namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// The methods of list and tuple. Those that change a list work, unlike in the sandbox of transformers, which refuses them; a template
/// that renders there renders the same here.
/// </summary>
internal static class ListMethods
{
    public static FunctionValue? Bind(ListValue list, string name)
    {
        Func<CallArguments, TemplateValue>? body = name switch
        {
            "append" => arguments => Append(list, arguments),
            "extend" => arguments => Extend(list, arguments),
            "insert" => arguments => Insert(list, arguments),
            "pop" => arguments => Pop(list, arguments),
            "copy" => arguments => Copy(list, arguments),
            _ => BindReading(list.Items, name),
        };
        return body is null ? null : new FunctionValue(name, body);
    }

    public static FunctionValue? Bind(TupleValue tuple, string name) =>
        BindReading(tuple.Items, name) is { } body ? new FunctionValue(name, body) : null;

    private static Func<CallArguments, TemplateValue>? BindReading(IReadOnlyList<TemplateValue> items, string name) => name switch
    {
        "index" => arguments => IndexOf(items, arguments),
        "count" => arguments => Count(items, arguments),
        _ => null,
    };

    private static TemplateValue Append(ListValue list, CallArguments arguments)
    {
        list.Items.Add(Only("append()", arguments));
        arguments.Rendering.LimitItems(list.Items.Count);
        return TemplateValue.None;
    }

    private static TemplateValue Extend(ListValue list, CallArguments arguments)
    {
        list.Items.AddRange(Iteration.Items(arguments.Rendering, Only("extend()", arguments)));
        arguments.Rendering.LimitItems(list.Items.Count);
        return TemplateValue.None;
    }

    private static TemplateValue Insert(ListValue list, CallArguments arguments)
    {
        var bound = arguments.Bind("insert()", "index", "value");
        var index = arguments.ReadInteger(bound[0], "the index of insert()");
        var value = bound[1] ?? throw arguments.Rendering.Fail("insert() needs an index and a value");
        index = Math.Clamp(index < 0 ? index + list.Items.Count : index, 0, list.Items.Count);
        list.Items.Insert(index, value);
        arguments.Rendering.WorkOnItems(list.Items.Count);
        return TemplateValue.None;
    }

    private static TemplateValue Pop(ListValue list, CallArguments arguments)
    {
        var bound = arguments.Bind("pop()", "index");
        var index = bound[0] is null ? -1 : arguments.ReadInteger(bound[0], "the index of pop()");
        index = index < 0 ? index + list.Items.Count : index;
        if (index < 0 || index >= list.Items.Count)
            throw arguments.Rendering.Fail("pop() finds no item there");
        var value = list.Items[index];
        list.Items.RemoveAt(index);
        return value;
    }

    private static ListValue Copy(ListValue list, CallArguments arguments)
    {
        arguments.Bind("copy()");
        return arguments.Rendering.List([.. list.Items]);
    }

    private static TemplateValue IndexOf(IReadOnlyList<TemplateValue> items, CallArguments arguments)
    {
        var wanted = Only("index()", arguments);
        for (var i = 0; i < items.Count; i++)
        {
            if (Comparison.AreEqual(arguments.Rendering, items[i], wanted))
                return TemplateValue.Integer(i);
        }
        throw arguments.Rendering.Fail("index() finds no such item");
    }

    private static TemplateValue Count(IReadOnlyList<TemplateValue> items, CallArguments arguments)
    {
        var wanted = Only("count()", arguments);
        return TemplateValue.Integer(items.Count(item => Comparison.AreEqual(arguments.Rendering, item, wanted)));
    }

    private static TemplateValue Only(string callee, CallArguments arguments) =>
        arguments.Bind(callee, "value")[0] ?? throw arguments.Rendering.Fail($"{callee} needs a value");
}
