namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's ==, &lt; and `in`.</summary>
internal static class Comparison
{
    public static bool AreEqual(Rendering rendering, TemplateValue left, TemplateValue right)
    {
        if (ReferenceEquals(left, right))
            return left is not FloatValue { Value: double.NaN };
        rendering.Enter();
        rendering.WorkOn(left);
        var equal = (left, right) switch
        {
            (UndefinedValue, UndefinedValue) => true,
            (ListValue leftList, ListValue rightList) => AreEqual(rendering, leftList.Items, rightList.Items),
            (TupleValue leftTuple, TupleValue rightTuple) => AreEqual(rendering, leftTuple.Items, rightTuple.Items),
            (DictValue leftDict, DictValue rightDict) => AreEqual(rendering, leftDict, rightDict),
            _ => ScalarEquality.Instance.Equals(left, right),
        };
        rendering.Leave();
        return equal;
    }

    private static bool AreEqual(Rendering rendering, IReadOnlyList<TemplateValue> left, IReadOnlyList<TemplateValue> right)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(rendering, left[i], right[i]))
                return false;
        }
        return true;
    }

    private static bool AreEqual(Rendering rendering, DictValue left, DictValue right)
    {
        if (left.Entries.Count != right.Entries.Count)
            return false;
        foreach (var (key, value) in left.Entries)
        {
            if (!right.Entries.TryGetValue(key, out var other) || !AreEqual(rendering, value, other))
                return false;
        }
        return true;
    }

    /// <summary>Negative, zero or positive; null when a NaN is involved.</summary>
    /// <exception cref="InputException">The types have no order between them.</exception>
    public static int? Order(Rendering rendering, TemplateValue left, TemplateValue right)
    {
        if ((left as UndefinedValue ?? right as UndefinedValue) is { } undefined)
            throw rendering.Fail(undefined.Complaint);
        rendering.WorkOn(left);
        if (left is StringValue leftText && right is StringValue rightText)
            return CodePoints.Compare(leftText.Value, rightText.Value);
        if (Number.TryGet(left, out var leftNumber) && Number.TryGet(right, out var rightNumber))
            return Number.Compare(leftNumber, rightNumber);
        return (left, right) switch
        {
            (ListValue leftList, ListValue rightList) => Order(rendering, leftList.Items, rightList.Items),
            (TupleValue leftTuple, TupleValue rightTuple) => Order(rendering, leftTuple.Items, rightTuple.Items),
            _ => throw rendering.Fail($"{left.Described} and {right.Described} have no order"),
        };
    }

    private static int? Order(Rendering rendering, IReadOnlyList<TemplateValue> left, IReadOnlyList<TemplateValue> right)
    {
        rendering.Enter();
        int? order = left.Count.CompareTo(right.Count);
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (AreEqual(rendering, left[i], right[i]))
                continue;
            order = Order(rendering, left[i], right[i]);
            break;
        }
        rendering.Leave();
        return order;
    }

    /// <summary>`item in container`: a substring, an item, a key.</summary>
    public static bool Contains(Rendering rendering, TemplateValue container, TemplateValue item)
    {
        switch (container)
        {
            case StringValue text when item is StringValue part:
                rendering.WorkOnText(text.Value.Length);
                return text.Value.Contains(part.Value, StringComparison.Ordinal);
            case StringValue:
                throw rendering.Fail($"'in' of a str needs a str on its left, found {item.TypeName}");
            case DictValue dict:
                return dict.Entries.ContainsKey(Indexing.Key(rendering, item));
            default:
                return Iteration.Items(rendering, container).Any(candidate => AreEqual(rendering, candidate, item));
        }
    }
}
