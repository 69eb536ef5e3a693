namespace PassAtK.Evaluation.Estimation;

/// <summary>Percentiles of a list of numbers, linear between order statistics (Hyndman and Fan 1996, type 7).</summary>
internal static class Percentile
{
    /// <summary>The central interval that holds <paramref name="confidence"/> of the values. Sorts them in place.</summary>
    public static (double Low, double High) Interval(Span<double> values, double confidence)
    {
        values.Sort();
        return (OfSorted(values, (1 - confidence) / 2), OfSorted(values, (1 + confidence) / 2));
    }

    /// <summary>Values may end in +infinity; a percentile that touches one is infinite.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double fraction)
    {
        var position = fraction * (sorted.Length - 1);
        var below = (int)position;
        var (left, right) = (sorted[below], sorted[Math.Min(below + 1, sorted.Length - 1)]);
        return left == right || position == below ? left : left + ((position - below) * (right - left));
    }
}
