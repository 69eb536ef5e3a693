namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Tuples, intervals, lists and sets. Tuples and intervals are equal item by item with the same brackets. Lists and sets hold the same
/// items, in any order and however often; strictly, a list has an order. A record `x = 1, y = 2` is also the tuple and the list of its
/// values.
/// </summary>
internal sealed class SequenceEquality(Func<Expression, Expression, bool> areEqual, bool strict)
{
    public bool AreEqual(Expression left, Expression right)
    {
        if (left is not Sequence one || right is not Sequence two)
        {
            // {5} is 5.
            var (sequence, other) = left is Sequence only ? (only, right) : ((Sequence)right, left);
            if (sequence is { IsSet: true, Items.Count: 0 })
                return other is Symbol { Name: ConstantNames.Empty };
            return !strict && (sequence.IsSet || sequence.IsList) && sequence.Items.Count > 0
                && sequence.Items.All(item => areEqual(item, other));
        }
        var unordered = (one.IsSet || one.IsList) && (two.IsSet || two.IsList);
        if (unordered)
            return InOrder(one.Items, two.Items) || (!(strict && one.IsList && two.IsList) && Includes(one, two) && Includes(two, one));
        if (one.IsList || two.IsList || one.IsSet || two.IsSet)
            return false;
        return (HasSameBrackets(one, two) || (!strict && one.Items.Count > 2)) && InOrder(one.Items, two.Items);
    }

    public bool AreEqualRecords(Expression left, Expression right)
    {
        if (left is Record one && right is Record two)
        {
            if (one.Names.Count == two.Names.Count && one.Names.ToHashSet(StringComparer.Ordinal).SetEquals(two.Names))
                return one.Names.All(name => areEqual(ValueOf(one, name), ValueOf(two, name)));
            return !strict && InOrder(one.Values, two.Values);
        }
        var (record, other) = left is Record only ? (only, right) : ((Record)right, left);
        return other is Sequence { IsSet: false } sequence && InOrder(record.Values, sequence.Items);
    }

    private static Expression ValueOf(Record record, string name) =>
        record.Values[Enumerable.Range(0, record.Names.Count).First(at => record.Names[at] == name)];

    private static bool HasSameBrackets(Sequence left, Sequence right) => left.Open == right.Open && left.Close == right.Close;

    private bool InOrder(IReadOnlyList<Expression> left, IReadOnlyList<Expression> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => areEqual(pair.First, pair.Second));

    private bool Includes(Sequence outer, Sequence inner) =>
        inner.Items.All(item => outer.Items.Any(candidate => areEqual(candidate, item)));
}
