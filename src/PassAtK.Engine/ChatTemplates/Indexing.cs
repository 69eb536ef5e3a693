using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>`value[index]` and `value[start:stop:step]`.</summary>
internal static class Indexing
{
    /// <summary>The item; undefined where there is none. A name that is no key of the value is looked up as an attribute.</summary>
    /// <exception cref="InputException">The value is undefined.</exception>
    public static TemplateValue Item(Rendering rendering, TemplateValue target, TemplateValue index)
    {
        if (target is UndefinedValue undefined)
            throw rendering.Fail(undefined.Complaint);
        rendering.WorkOn(index);
        if (target is DictValue dict && ScalarEquality.IsKey(index) && dict.Entries.TryGetValue(index, out var value))
            return value;
        if (Number.TryGet(index, out var number) && !number.IsFloat && At(rendering, target, number.Integer) is { } item)
            return item;
        if (index is StringValue name && Members.Method(target, name.Value) is { } member)
            return member;
        return new UndefinedValue($"{target.Described} has no item {PythonText.Repr(rendering, index)}");
    }

    /// <summary>A value that serves as a key of a dict.</summary>
    /// <exception cref="InputException">Lists, dicts and tuples do not.</exception>
    public static TemplateValue Key(Rendering rendering, TemplateValue key)
    {
        rendering.WorkOn(key);
        if (ScalarEquality.IsKey(key))
            return key;
        throw rendering.Fail(key is UndefinedValue undefined ? undefined.Complaint : $"{key.Described} cannot be the key of a dict here");
    }

    private static TemplateValue? At(Rendering rendering, TemplateValue target, BigInteger index)
    {
        switch (target)
        {
            case StringValue text:
                rendering.WorkOn(target);
                if (!CodePoints.HasSurrogates(text.Value))
                    return Position(index, text.Value.Length) is { } at ? TemplateValue.Text(text.Value[at].ToString()) : null;
                var points = CodePoints.Split(text.Value);
                return Position(index, points.Count) is { } point ? TemplateValue.Text(points[point]) : null;
            case ListValue list:
                return Position(index, list.Items.Count) is { } inList ? list.Items[inList] : null;
            case TupleValue tuple:
                return Position(index, tuple.Items.Count) is { } inTuple ? tuple.Items[inTuple] : null;
            default:
                return null;
        }
    }

    private static int? Position(BigInteger index, int count)
    {
        if (index < 0)
            index += count;
        return index >= 0 && index < count ? (int)index : null;
    }

    /// <summary>A slice of a str, list or tuple.</summary>
    /// <exception cref="InputException">A bound is no int, the step is zero, the value is of another type.</exception>
    public static TemplateValue Slice(
        Rendering rendering, TemplateValue target, TemplateValue? start, TemplateValue? stop, TemplateValue? step)
    {
        switch (target)
        {
            case UndefinedValue undefined:
                throw rendering.Fail(undefined.Complaint);
            case StringValue text:
                return rendering.Text(SliceText(rendering, text.Value, start, stop, step));
            case ListValue list:
                return rendering.List(Pick(rendering, list.Items, start, stop, step));
            case TupleValue tuple:
                return new TupleValue(Pick(rendering, tuple.Items, start, stop, step));
            default:
                throw rendering.Fail($"{target.Described} cannot be sliced");
        }
    }

    private static string SliceText(Rendering rendering, string text, TemplateValue? start, TemplateValue? stop, TemplateValue? step)
    {
        rendering.Work(text.Length / 4);
        return CodePoints.HasSurrogates(text)
            ? CodePoints.Join(Pick(rendering, CodePoints.Split(text), start, stop, step))
            : new string([.. Pick(rendering, text.ToCharArray(), start, stop, step)]);
    }

    private static List<T> Pick<T>(
        Rendering rendering, IReadOnlyList<T> items, TemplateValue? startValue, TemplateValue? stopValue, TemplateValue? stepValue)
    {
        var step = Bound(rendering, stepValue) ?? 1;
        if (step.IsZero)
            throw rendering.Fail("the step of a slice is zero");
        var forward = step > 0;
        var start = Clamp(Bound(rendering, startValue), forward ? 0 : items.Count - 1, items.Count, forward);
        var stop = Clamp(Bound(rendering, stopValue), forward ? items.Count : -1, items.Count, forward);
        var picked = new List<T>();
        for (BigInteger i = start; forward ? i < stop : i > stop; i += step)
            picked.Add(items[(int)i]);
        return picked;
    }

    /// <summary>Python's slice.indices: negative bounds count from the end, then everything is cut to the sequence.</summary>
    private static int Clamp(BigInteger? bound, int absent, int count, bool forward)
    {
        if (bound is not { } value)
            return absent;
        if (value < 0)
            value += count;
        var lowest = forward ? 0 : -1;
        var highest = forward ? count : count - 1;
        return (int)BigInteger.Max(lowest, BigInteger.Min(highest, value));
    }

    private static BigInteger? Bound(Rendering rendering, TemplateValue? value)
    {
        if (value is null or NoneValue)
            return null;
        if (value is UndefinedValue undefined)
            throw rendering.Fail(undefined.Complaint);
        return Number.TryGet(value, out var number) && !number.IsFloat
            ? number.Integer
            : throw rendering.Fail($"the bound of a slice is of type {value.TypeName}, expected an int");
    }
}
