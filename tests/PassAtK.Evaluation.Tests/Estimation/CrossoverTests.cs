using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class CrossoverTests
{
    private static readonly int[] Ladder = [1, 2, 4, 8];

    [Fact]
    public void One_crossing_is_found_between_two_k_on_the_log_axis()
    {
        // From +0.2 at 2 to -0.2 at 4: half way in log k.
        var (outcome, k, changes) = Crossover.Find(Ladder, [0.3, 0.2, -0.2, -0.3]);
        Assert.Equal((CrossoverOutcome.Found, 1), (outcome, changes));
        Assert.Equal(Math.Sqrt(8), k!.Value, 1e-12);
    }

    [Fact]
    public void Of_several_crossings_the_last_one_counts_and_all_are_told()
    {
        var (outcome, k, changes) = Crossover.Find([1, 2, 4, 8, 16], [0.1, -0.1, 0.1, -0.1, -0.2]);
        Assert.Equal((CrossoverOutcome.Found, 3), (outcome, changes));
        Assert.Equal(Math.Sqrt(32), k!.Value, 1e-12);
    }

    [Theory]
    [InlineData(CrossoverOutcome.OtherAheadAtEnd, 0, 0.3, 0.2, 0.2, 0.1)]
    [InlineData(CrossoverOutcome.OtherAheadAtEnd, 2, 0.3, -0.2, -0.2, 0.1)]
    [InlineData(CrossoverOutcome.OtherAheadAtEnd, 0, 0.3, 0.2, 0, 0)]
    [InlineData(CrossoverOutcome.OtherAheadAtEnd, 1, -0.3, 0.2, 0.1, 0.1)]
    [InlineData(CrossoverOutcome.BaseAheadThroughout, 0, -0.3, -0.2, -0.2, 0)]
    [InlineData(CrossoverOutcome.Identical, 0, 0, 0, 1e-16, -1e-16)]
    public void Without_a_crossing_the_outcome_says_why(
        CrossoverOutcome expected, int changes, double first, double second, double third, double fourth)
    {
        Assert.Equal((expected, null, changes), Crossover.Find(Ladder, [first, second, third, fourth]));
    }

    [Fact]
    public void A_tie_at_the_end_leaves_the_base_ahead()
    {
        var (outcome, k, _) = Crossover.Find(Ladder, [0.1, -0.1, -0.05, 0]);
        Assert.Equal(CrossoverOutcome.Found, outcome);
        Assert.Equal(Math.Sqrt(2), k!.Value, 1e-12);
    }

    [Fact]
    public void A_curve_that_rests_at_zero_before_it_falls_crosses_where_it_reaches_zero() =>
        Assert.Equal(2, Crossover.Find(Ladder, [0.1, 0, 0, -0.1]).K!.Value, 1e-12);

    [Fact]
    public void The_pair_crosses_where_exact_binomials_cross_with_the_interval_of_a_separate_program()
    {
        var crossover = PairedComparison.Of(PairedRuns.Base, PairedRuns.Other).Crossover;
        Assert.Equal(CrossoverOutcome.Found, crossover.Outcome);
        // Exact at every whole k; the doubling ladder alone would say 11.91.
        Assert.Equal(11.87190193327539, crossover.K!.Value, 1e-9);
        // Limits of the doubling ladder's crossover over 4,000 resamples of another generator.
        Assert.Equal(9.04, crossover.Low!.Value, 0.25);
        Assert.Equal(15.97, crossover.High!.Value, 0.4);
        Assert.Equal((512, 1, 0.0, 0.0, true), (
            crossover.WithinK, crossover.SignChanges, crossover.ShareBaseAhead, crossover.ShareOtherAhead, crossover.Settled));
    }

    [Fact]
    public void Identical_runs_have_no_crossover_in_any_resample()
    {
        var crossover = PairedComparison.Of(PairedRuns.Base, PairedRuns.Base).Crossover;
        Assert.Equal(new Crossover(CrossoverOutcome.Identical, null, null, null, 512, 0, 0, 1, Settled: true), crossover);
    }

    [Fact]
    public void Limits_beyond_the_largest_k_are_left_open_and_the_share_without_a_crossover_is_told()
    {
        // Few samples and a late, uncertain crossing: many resamples never cross.
        var crossover = PairedComparison.Of(
            PairedRuns.Of(8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2), PairedRuns.Of(8, 4, 4, 4, 4, 4, 4, 4, 4, 4, 0)).Crossover;
        Assert.Equal(CrossoverOutcome.Found, crossover.Outcome);
        Assert.InRange(crossover.K!.Value, 1, 8);
        Assert.True(crossover.Low <= crossover.K);
        Assert.Null(crossover.High);
        Assert.False(crossover.Settled);
        Assert.InRange(crossover.ShareOtherAhead, 0.03, 0.5);
    }

    [Fact]
    public void Resamples_that_the_base_leads_throughout_count_as_one()
    {
        var crossover = PairedComparison.Of(
            PairedRuns.Of(64, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8), PairedRuns.Of(64, 64, 25, 0, 0, 0, 0, 0, 0, 0, 0)).Crossover;
        Assert.Equal(CrossoverOutcome.Found, crossover.Outcome);
        Assert.True(crossover.ShareBaseAhead > 0.2);
        Assert.Equal(1, crossover.Low);
        Assert.False(crossover.Settled);
    }

    [Fact]
    public void That_there_is_no_crossover_is_settled_only_where_the_limit_that_could_hold_one_has_none()
    {
        // The base is ahead on every one of 40 problems, or on one of 40 only, or the other is.
        var (base40, other40) = (PairedRuns.Of(8, [.. Enumerable.Repeat(4, 40)]), PairedRuns.Of(8, [.. Enumerable.Repeat(1, 40)]));
        var ahead = PairedComparison.Of(base40, other40).Crossover;
        Assert.Equal((CrossoverOutcome.BaseAheadThroughout, true), (ahead.Outcome, ahead.Settled));
        var behind = PairedComparison.Of(other40, base40).Crossover;
        Assert.Equal((CrossoverOutcome.OtherAheadAtEnd, true), (behind.Outcome, behind.Settled));
        var barely = PairedComparison.Of(
            PairedRuns.Of(8, [8, .. Enumerable.Repeat(0, 39)]), PairedRuns.Of(8, [.. Enumerable.Repeat(0, 40)])).Crossover;
        Assert.Equal((CrossoverOutcome.BaseAheadThroughout, false), (barely.Outcome, barely.Settled));
        // Every resample that favours the base agrees with it: that share alone would call it settled.
        Assert.Equal(1, barely.ShareBaseAhead);
    }
}
