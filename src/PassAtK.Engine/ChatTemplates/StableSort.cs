namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// A merge sort of items by their keys in Python's order. Unlike the runtime's own sort it lets the error of two keys without order
/// through as it is, and takes keys whose order is inconsistent (NaN) without complaint.
/// </summary>
internal static class StableSort
{
    /// <summary>The items in order; equal ones keep theirs, also when descending.</summary>
    public static List<TemplateValue> Sort(
        Rendering rendering, IReadOnlyList<TemplateValue> items, Func<TemplateValue, TemplateValue> key, bool descending)
    {
        var source = items.Select(item => (Item: item, Key: key(item))).ToArray();
        var target = new (TemplateValue Item, TemplateValue Key)[source.Length];
        for (var width = 1; width < source.Length; width *= 2)
        {
            for (var start = 0; start < source.Length; start += 2 * width)
            {
                var middle = Math.Min(start + width, source.Length);
                var end = Math.Min(start + (2 * width), source.Length);
                Merge(rendering, source, target, start, middle, end, descending);
            }
            (source, target) = (target, source);
        }
        return [.. source.Select(pair => pair.Item)];
    }

    private static void Merge(
        Rendering rendering, (TemplateValue Item, TemplateValue Key)[] source, (TemplateValue Item, TemplateValue Key)[] target,
        int start, int middle, int end, bool descending)
    {
        var left = start;
        var right = middle;
        for (var i = start; i < end; i++)
        {
            rendering.Work();
            var takeRight = left == middle || (right < end && Precedes(source[right].Key, source[left].Key));
            target[i] = source[takeRight ? right++ : left++];
        }

        bool Precedes(TemplateValue first, TemplateValue second) => descending
            ? Comparison.Order(rendering, second, first) < 0
            : Comparison.Order(rendering, first, second) < 0;
    }
}
