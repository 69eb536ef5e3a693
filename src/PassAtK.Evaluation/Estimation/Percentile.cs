namespace PassAtK.Evaluation.Estimation;

/// <summary>Percentiles of a list of numbers, linear between order statistics (Hyndman and Fan 1996, type 7).</summary>
internal static class Percentile
{
    /// <summary>The central interval that holds <paramref name="confidence"/> of the values, none of which is NaN. Reorders them.</summary>
    public static (double Low, double High) Interval(Span<double> values, double confidence) =>
        (Of(values, (1 - confidence) / 2), Of(values, (1 + confidence) / 2));

    /// <summary>What <see cref="OfSorted"/> is of the sorted values, none of which is NaN, without sorting them. Reorders them.</summary>
    public static double Of(Span<double> values, double fraction)
    {
        var position = fraction * (values.Length - 1);
        var below = (int)position;
        var left = Select(values, below);
        if (position == below || below + 1 == values.Length)
            return left;
        var right = double.PositiveInfinity;
        foreach (var value in values[(below + 1)..])
            right = Math.Min(right, value);
        return left == right ? left : left + ((position - below) * (right - left));
    }

    /// <summary>Values may end in +infinity; a percentile that touches one is infinite.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double fraction)
    {
        var position = fraction * (sorted.Length - 1);
        var below = (int)position;
        var (left, right) = (sorted[below], sorted[Math.Min(below + 1, sorted.Length - 1)]);
        return left == right || position == below ? left : left + ((position - below) * (right - left));
    }

    /// <summary>
    /// The value that sorting would put at a place; it ends there, smaller ones before it, larger ones after. Source: Hoare, "Find",
    /// Communications of the ACM 4, 1961.
    /// </summary>
    private static double Select(Span<double> values, int place)
    {
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[low + ((high - low) / 2)];
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (values[left] < pivot)
                    left++;
                while (values[right] > pivot)
                    right--;
                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    (left, right) = (left + 1, right - 1);
                }
            }
            if (place <= right)
                high = right;
            else if (place >= left)
                low = left;
            else
                break;
        }
        return values[place];
    }
}
