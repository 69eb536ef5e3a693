namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>An interval, or a point where both ends are closed and equal.</summary>
internal readonly record struct RealInterval(Endpoint Low, Endpoint High, bool ClosedLow, bool ClosedHigh)
{
    public bool IsEmpty => Low.CompareTo(High) is var order && (order > 0 || (order == 0 && !(ClosedLow && ClosedHigh)));
}

/// <summary>A union of intervals, in order, none touching another: one form for each set of reals.</summary>
internal sealed class RealSet
{
    /// <summary>Most intervals of a set: answers have few, and the operations are quadratic.</summary>
    public const int MostIntervals = 32;

    private RealSet(List<RealInterval> intervals) =>
        Intervals = intervals.Count <= MostIntervals ? intervals : throw new WorkLimitException();

    public static RealSet All { get; } = new([new RealInterval(Endpoint.Lowest, Endpoint.Highest, false, false)]);

    public static RealSet Empty { get; } = new([]);

    public IReadOnlyList<RealInterval> Intervals { get; }

    public static RealSet Of(Endpoint low, Endpoint high, bool closedLow, bool closedHigh) =>
        new RealInterval(low, high, closedLow && low.Infinity == 0, closedHigh && high.Infinity == 0) is { IsEmpty: false } interval ? new([interval]) : Empty;

    public RealSet Union(RealSet other)
    {
        var sorted = Intervals.Concat(other.Intervals).ToList();
        sorted.Sort(
            (left, right) => left.Low.CompareTo(right.Low) is var order && order != 0 ? order : right.ClosedLow.CompareTo(left.ClosedLow));
        var merged = new List<RealInterval>();
        foreach (var interval in sorted)
        {
            if (merged.Count > 0 && Touches(merged[^1], interval))
                merged[^1] = Joined(merged[^1], interval);
            else
                merged.Add(interval);
        }
        return new RealSet(merged);
    }

    public RealSet Intersection(RealSet other)
    {
        var result = Empty;
        foreach (var left in Intervals)
        {
            foreach (var right in other.Intervals)
                result = result.Union(Common(left, right));
        }
        return result;
    }

    public RealSet Complement()
    {
        var result = All;
        foreach (var interval in Intervals)
        {
            var below = Of(Endpoint.Lowest, interval.Low, false, !interval.ClosedLow);
            var above = Of(interval.High, Endpoint.Highest, !interval.ClosedHigh, false);
            result = result.Intersection((interval.Low.Infinity < 0 ? Empty : below).Union(interval.High.Infinity > 0 ? Empty : above));
        }
        return result;
    }

    private static RealSet Common(RealInterval left, RealInterval right)
    {
        var low = left.Low.CompareTo(right.Low);
        var high = left.High.CompareTo(right.High);
        return Of(
            low >= 0 ? left.Low : right.Low,
            high <= 0 ? left.High : right.High,
            low > 0 ? left.ClosedLow : low < 0 ? right.ClosedLow : left.ClosedLow && right.ClosedLow,
            high < 0 ? left.ClosedHigh : high > 0 ? right.ClosedHigh : left.ClosedHigh && right.ClosedHigh);
    }

    private static bool Touches(RealInterval left, RealInterval right) =>
        right.Low.CompareTo(left.High) is var order && (order < 0 || (order == 0 && (left.ClosedHigh || right.ClosedLow)));

    private static RealInterval Joined(RealInterval left, RealInterval right)
    {
        var order = left.High.CompareTo(right.High);
        return left with
        {
            High = order >= 0 ? left.High : right.High,
            ClosedHigh = order > 0 ? left.ClosedHigh : order < 0 ? right.ClosedHigh : left.ClosedHigh || right.ClosedHigh,
        };
    }
}
