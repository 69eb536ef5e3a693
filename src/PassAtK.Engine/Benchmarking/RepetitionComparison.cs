namespace PassAtK.Engine.Benchmarking;

/// <summary>What two sets of timed repetitions say of each other.</summary>
public enum Change
{
    /// <summary>Within the noise.</summary>
    None,
    Slower,
    Faster,

    /// <summary>So few repetitions that no order of them could tell.</summary>
    TooFew,
}

/// <summary>
/// Whether repetitions of one measurement became slower. They did where both hold: an exact one-sided rank test (Mann and Whitney 1947)
/// gives such an order of old and new times a probability of at most 5% if nothing had changed, and the medians differ by more than a
/// tolerance, because times of one process have more in common than times of two. Three repetitions on each side suffice where they
/// do not overlap: 1 in 20 orders.
/// </summary>
/// <param name="Ratio">New median over old: above 1 is slower.</param>
/// <param name="Probability">Of an order at least as extreme in that direction, if nothing had changed.</param>
/// <param name="Change">The verdict.</param>
public sealed record RepetitionComparison(double Ratio, double Probability, Change Change)
{
    /// <summary>Most probability of an order by chance that still counts as noise's doing.</summary>
    public const double Significance = 0.05;

    /// <param name="before">Seconds of the old repetitions, at least one.</param>
    /// <param name="after">Seconds of the new ones, at least one.</param>
    /// <param name="tolerance">Relative difference of the medians that counts as nothing.</param>
    public static RepetitionComparison Of(IReadOnlyList<double> before, IReadOnlyList<double> after, double tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfZero(before.Count);
        ArgumentOutOfRangeException.ThrowIfZero(after.Count);
        var ratio = Median(after) / Median(before);
        var (low, high) = ratio >= 1 ? (before, after) : (after, before);
        var probability = Chance(low, high);
        var change = probability > Significance || Math.Abs(ratio - 1) <= tolerance
            ? 1 / Orders(before.Count, after.Count) > Significance ? Change.TooFew : Change.None
            : ratio > 1 ? Change.Slower : Change.Faster;
        return new RepetitionComparison(ratio, probability, change);
    }

    /// <summary>
    /// Of all ways to deal the times to two groups of these sizes, the share in which the second group is ahead of the first in at least
    /// as many pairs; pairs of equal times count half.
    /// </summary>
    internal static double Chance(IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        double[] all = [.. low, .. high];
        Array.Sort(all);
        // Twice the rank of each time, ties sharing theirs, so that it is whole.
        var ranks = new int[all.Length];
        for (var first = 0; first < all.Length;)
        {
            var last = first;
            while (last + 1 < all.Length && all[last + 1] == all[first])
                last++;
            for (var index = first; index <= last; index++)
                ranks[index] = first + last + 2;
            first = last + 1;
        }
        var observed = high.Sum(time => ranks[Array.IndexOf(all, time)]);
        // ways[n, s]: choices of n times whose doubled ranks sum to s.
        var most = ranks.Sum();
        var ways = new double[high.Count + 1, most + 1];
        ways[0, 0] = 1;
        foreach (var rank in ranks)
        {
            for (var count = high.Count; count > 0; count--)
            {
                for (var sum = most; sum >= rank; sum--)
                    ways[count, sum] += ways[count - 1, sum - rank];
            }
        }
        var extreme = 0.0;
        for (var sum = observed; sum <= most; sum++)
            extreme += ways[high.Count, sum];
        return extreme / Orders(low.Count, high.Count);
    }

    private static double Orders(int first, int second)
    {
        var orders = 1.0;
        for (var index = 1; index <= second; index++)
            orders = orders * (first + index) / index;
        return Math.Round(orders);
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
