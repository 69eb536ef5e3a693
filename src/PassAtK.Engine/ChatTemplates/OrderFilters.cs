namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// Filters that compare items. Unless told otherwise, text compares without regard to case, and sorting keeps ties in order.
/// </summary>
internal static class OrderFilters
{
    public static TemplateValue Sort(TemplateValue value, CallArguments arguments)
    {
        var bound = arguments.Bind("sort", "reverse", "case_sensitive", "attribute");
        var items = Iteration.Items(arguments.Rendering, value);
        return arguments.Rendering.List(StableSort.Sort(
            arguments.Rendering, items, item => SortKeys(arguments, item, bound[2], bound[1]), bound[0] is { IsTrue: true }));
    }

    /// <summary>`attribute` may name several, joined by commas.</summary>
    private static TemplateValue SortKeys(
        CallArguments arguments, TemplateValue item, TemplateValue? attribute, TemplateValue? caseSensitive)
    {
        if (attribute is not StringValue { Value: var paths } || !paths.Contains(','))
            return Key(AttributePath.Get(arguments, item, attribute), caseSensitive);
        return new ListValue(
            [.. paths.Split(',').Select(path => Key(AttributePath.Get(arguments, item, TemplateValue.Text(path)), caseSensitive))]);
    }

    private static TemplateValue Key(TemplateValue value, TemplateValue? caseSensitive) =>
        value is StringValue text && caseSensitive is not { IsTrue: true } ? TemplateValue.Text(TextCase.Lower(text.Value)) : value;

    public static TemplateValue DictSort(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("dictsort", "case_sensitive", "by", "reverse");
        var by = bound[1] is null ? "key" : arguments.ReadText(bound[1], "'by' of dictsort");
        if (by is not ("key" or "value"))
            throw rendering.Fail($"'by' of dictsort is '{by}', expected 'key' or 'value'");
        if (value is not DictValue dict)
            throw rendering.Fail(
                value is UndefinedValue undefined ? undefined.Complaint : $"dictsort needs a dict, found {value.TypeName}");
        return rendering.List(StableSort.Sort(
            rendering, DictMethods.Pairs(dict), pair => Key(((TupleValue)pair).Items[by == "key" ? 0 : 1], bound[0]),
            bound[2] is { IsTrue: true }));
    }

    public static TemplateValue Unique(TemplateValue value, CallArguments arguments)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind("unique", "case_sensitive", "attribute");
        var seen = new HashSet<TemplateValue>(ScalarEquality.Instance);
        var kept = new List<TemplateValue>();
        foreach (var item in Iteration.Items(rendering, value))
        {
            var key = Key(AttributePath.Get(arguments, item, bound[1]), bound[0]);
            if (seen.Add(Indexing.Key(rendering, key)))
                kept.Add(item);
        }
        return rendering.Iterator(kept);
    }

    public static TemplateValue Min(TemplateValue value, CallArguments arguments) => Extreme("min", value, arguments, sign: -1);

    public static TemplateValue Max(TemplateValue value, CallArguments arguments) => Extreme("max", value, arguments, sign: 1);

    private static TemplateValue Extreme(string filter, TemplateValue value, CallArguments arguments, int sign)
    {
        var rendering = arguments.Rendering;
        var bound = arguments.Bind(filter, "case_sensitive", "attribute");
        (TemplateValue Item, TemplateValue Key)? best = null;
        foreach (var item in Iteration.Items(rendering, value))
        {
            var key = Key(AttributePath.Get(arguments, item, bound[1]), bound[0]);
            if (best is null || Comparison.Order(rendering, key, best.Value.Key) * sign > 0)
                best = (item, key);
        }
        return best?.Item ?? new UndefinedValue($"an empty sequence has no {filter}");
    }
}
