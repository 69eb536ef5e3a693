namespace PassAtK.Engine.ChatTemplates;

/// <summary>What a for loop, a filter or an unpacking finds in a value.</summary>
internal static class Iteration
{
    public static bool IsIterable(TemplateValue value) =>
        value is StringValue or ListValue or TupleValue or DictValue or IteratorValue or UndefinedValue;

    /// <summary>The items as they are now: a list that grows while it is walked gives no more.</summary>
    /// <exception cref="InputException">The value is not iterable.</exception>
    public static IReadOnlyList<TemplateValue> Items(Rendering rendering, TemplateValue value)
    {
        IReadOnlyList<TemplateValue> items = value switch
        {
            StringValue text => [.. CodePoints.Split(text.Value).Select(TemplateValue.Text)],
            ListValue list => [.. list.Items],
            TupleValue tuple => tuple.Items,
            DictValue dict => [.. dict.Entries.Keys],
            IteratorValue iterator => iterator.Take(),
            UndefinedValue => [],
            _ => throw rendering.Fail($"{value.Described} cannot be walked item by item"),
        };
        rendering.WorkOnItems(items.Count);
        return items;
    }

    /// <summary>len().</summary>
    /// <exception cref="InputException">The value has no length.</exception>
    public static int Length(Rendering rendering, TemplateValue value)
    {
        rendering.WorkOn(value);
        return value switch
        {
            StringValue text => CodePoints.Count(text.Value),
            ListValue list => list.Items.Count,
            TupleValue tuple => tuple.Items.Count,
            DictValue dict => dict.Entries.Count,
            UndefinedValue => 0,
            _ => throw rendering.Fail($"{value.Described} has no length"),
        };
    }
}
