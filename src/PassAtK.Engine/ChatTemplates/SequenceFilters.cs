namespace PassAtK.Engine.ChatTemplates;

/// <summary>Filters on sequences that need no test and no order.</summary>
internal static class SequenceFilters
{
    public static TemplateValue Length(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("length");
        return TemplateValue.Integer(Iteration.Length(arguments.Rendering, value));
    }

    public static TemplateValue List(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("list");
        return arguments.Rendering.List([.. Iteration.Items(arguments.Rendering, value)]);
    }

    public static TemplateValue First(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("first");
        var items = Iteration.Items(arguments.Rendering, value);
        return items.Count > 0 ? items[0] : new UndefinedValue("an empty sequence has no first item");
    }

    public static TemplateValue Last(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("last");
        RefuseGenerator("last", value, arguments);
        var items = Iteration.Items(arguments.Rendering, value);
        return items.Count > 0 ? items[^1] : new UndefinedValue("an empty sequence has no last item");
    }

    public static TemplateValue Reverse(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("reverse");
        var items = Iteration.Items(arguments.Rendering, value).Reverse();
        return value is StringValue
            ? TemplateValue.Text(CodePoints.Join(items.Select(item => ((StringValue)item).Value)))
            : arguments.Rendering.Iterator([.. items]);
    }

    private static void RefuseGenerator(string filter, TemplateValue value, CallArguments arguments)
    {
        if (value is IteratorValue)
            throw arguments.Rendering.Fail($"{filter} needs a sequence, found a generator (apply list first)");
    }

    public static TemplateValue Items(TemplateValue value, CallArguments arguments)
    {
        arguments.Bind("items");
        return value switch
        {
            UndefinedValue => arguments.Rendering.Iterator([]),
            DictValue dict => arguments.Rendering.Iterator(DictMethods.Pairs(dict)),
            _ => throw arguments.Rendering.Fail($"items needs a dict, found {value.TypeName}"),
        };
    }

    public static TemplateValue Join(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("join", "d", "attribute");
        var separator = bound[0] is null ? "" : PythonText.Str(rendering, bound[0]!);
        var items = Iteration.Items(rendering, value);
        var texts = items.Select(item => PythonText.Str(rendering, AttributePath.Get(arguments, item, bound[1])));
        return TextReplacing.Join(rendering, texts, separator);
    }

    public static TemplateValue Batch(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("batch", "linecount", "fill_with");
        var size = arguments.ReadInteger(bound[0], "the size of batch");
        if (size < 1)
            throw rendering.Fail($"the size of batch is {size}, expected at least 1");
        var batches = new List<TemplateValue>();
        foreach (var chunk in Iteration.Items(rendering, value).Chunk(size))
        {
            var batch = chunk.ToList();
            while (bound[1] is { } filling and not NoneValue && batch.Count < size)
            {
                batch.Add(filling);
                rendering.Work();
            }
            batches.Add(rendering.List(batch));
        }
        return rendering.Iterator(batches);
    }
}
