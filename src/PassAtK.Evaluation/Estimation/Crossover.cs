namespace PassAtK.Evaluation.Estimation;

/// <summary>How the search for a crossover ended.</summary>
public enum CrossoverOutcome
{
    /// <summary>The other run is ahead at some k, and from k* on the base is.</summary>
    Found,

    /// <summary>The other run is ahead nowhere, the base somewhere: there is nothing to overtake.</summary>
    BaseAheadThroughout,

    /// <summary>The other run is still ahead at the largest k at which the two differ.</summary>
    OtherAheadAtEnd,

    /// <summary>The two curves are the same at every k.</summary>
    Identical,
}

/// <summary>
/// The k* from which the base run is ahead for good: the last place, up to the largest k, where the difference other - base falls from
/// positive to zero or below and never turns positive again. The difference is evaluated on the dense ladder and is linear in log k
/// between its values.
/// </summary>
/// <param name="Outcome">Whether there is one.</param>
/// <param name="K">k*, or null where there is none.</param>
/// <param name="Low">
/// Percentile limit over resamples. A resample in which the base leads throughout counts as k* = 1. Null where K is, or where the limit
/// lies beyond the largest k.
/// </param>
/// <param name="High">The same at the upper end: null says beyond the largest k.</param>
/// <param name="WithinK">The largest k that was looked at.</param>
/// <param name="SignChanges">How often the lead changes hands along the curve; more than one means that earlier crossings exist.</param>
/// <param name="ShareBaseAhead">Share of the lower limit's resamples in which the base leads throughout.</param>
/// <param name="ShareOtherAhead">
/// Share of the upper limit's resamples in which the base is not ahead at the end; they count as k* beyond any k. The two shares are of
/// different resamples and do not add up.
/// </param>
/// <param name="Settled">
/// Whether both limits agree with the outcome: a k* that was found lies within what was looked at at both of them and above 1; without one,
/// the limit that might hold one has none either.
/// </param>
public sealed record Crossover(
    CrossoverOutcome Outcome,
    double? K,
    double? Low,
    double? High,
    int WithinK,
    int SignChanges,
    double ShareBaseAhead,
    double ShareOtherAhead,
    bool Settled)
{
    // Differences of means that ought to cancel leave some units in the last place; no real lead is this small.
    private const double Tie = 1e-12;

    /// <summary>The crossover of one difference curve, and how often the lead changes hands.</summary>
    /// <param name="ladder">k, ascending.</param>
    /// <param name="difference">other - base at each k.</param>
    public static (CrossoverOutcome Outcome, double? K, int SignChanges) Find(
        ReadOnlySpan<int> ladder, ReadOnlySpan<double> difference)
    {
        var (lead, signChanges, lastOtherAhead) = (0, 0, -1);
        for (var i = 0; i < ladder.Length; i++)
        {
            var sign = Math.Abs(difference[i]) <= Tie ? 0 : Math.Sign(difference[i]);
            if (sign > 0)
                lastOtherAhead = i;
            if (sign != 0 && lead != 0 && sign != lead)
                signChanges++;
            lead = sign != 0 ? sign : lead;
        }
        return lead switch
        {
            0 => (CrossoverOutcome.Identical, null, 0),
            > 0 => (CrossoverOutcome.OtherAheadAtEnd, null, signChanges),
            _ when lastOtherAhead < 0 => (CrossoverOutcome.BaseAheadThroughout, null, 0),
            _ => (CrossoverOutcome.Found, Interpolate(ladder, difference, lastOtherAhead), signChanges),
        };
    }

    internal static Crossover Of(int[] ladder, ResampledMeans means, int firstColumn)
    {
        var (outcome, k, signChanges) = Find(ladder, means.Estimates.AsSpan(firstColumn, ladder.Length));
        var (baseAhead, otherAhead) = (0, 0);
        var difference = new double[ladder.Length];
        var (low, _) = means.Interval(resample => Place(resample, favoursOther: false));
        var (_, high) = means.Interval(resample => Place(resample, favoursOther: true));
        var settled = outcome switch
        {
            CrossoverOutcome.Found => low > 1 && double.IsFinite(high),
            CrossoverOutcome.BaseAheadThroughout => high == 1,
            _ => double.IsPositiveInfinity(low),
        };
        return new Crossover(
            outcome, k, Limit(low), Limit(high), ladder[^1], signChanges,
            (double)baseAhead / means.Resamples, (double)otherAhead / means.Resamples, settled);

        // As for any mean, each limit allows for half a problem that would move k* its way.
        double Place(int resample, bool favoursOther)
        {
            means.FillShifted(resample, firstColumn, favoursOther, difference);
            var (found, at, _) = Find(ladder, difference);
            if (!favoursOther && found is CrossoverOutcome.BaseAheadThroughout)
                baseAhead++;
            if (favoursOther && found is (CrossoverOutcome.OtherAheadAtEnd or CrossoverOutcome.Identical))
                otherAhead++;
            return at ?? (found is CrossoverOutcome.BaseAheadThroughout ? 1 : double.PositiveInfinity);
        }

        double? Limit(double value) => k is null || double.IsInfinity(value) ? null : value;
    }

    private static double Interpolate(ReadOnlySpan<int> ladder, ReadOnlySpan<double> difference, int left)
    {
        var share = difference[left] / (difference[left] - Math.Min(difference[left + 1], 0));
        return ladder[left] * Math.Pow((double)ladder[left + 1] / ladder[left], share);
    }
}
