using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class PairedComparisonTests
{
    [Fact]
    public void The_difference_and_its_interval_agree_with_a_separate_program()
    {
        // k, difference, and percentile limits of 4,000 multinomial resamples drawn by another generator; ours are a little wider.
        (int K, double Value, double Low, double High)[] expected =
        [
            (1, 0.15279296875, 0.1101, 0.1955), (2, 0.17035484955968688, 0.1256, 0.2165), (4, 0.1386905719814435, 0.0973, 0.1814),
            (8, 0.056656225668927994, 0.0178, 0.0973), (16, -0.04206879676654588, -0.0832, -0.0002),
            (32, -0.12934386553609795, -0.1802, -0.0796), (64, -0.2014637452840189, -0.2642, -0.1409),
            (128, -0.2623859539971391, -0.3363, -0.1918), (256, -0.3167573012538692, -0.3993, -0.2365), (512, -0.37, -0.46, -0.2797),
        ];
        var difference = PairedComparison.Of(PairedRuns.Base, PairedRuns.Other).Difference;
        Assert.Equal(expected.Select(row => row.K), difference.Select(point => point.K));
        foreach (var (row, point) in expected.Zip(difference))
        {
            Assert.Equal(row.Value, point.Estimate, 1e-13);
            Assert.Equal(row.Low, point.Low, 0.015);
            Assert.Equal(row.High, point.High, 0.015);
        }
    }

    [Fact]
    public void Pairing_narrows_the_interval_where_the_same_problems_are_hard_for_both()
    {
        var comparison = PairedComparison.Of(
            PairedRuns.Of(100, [.. Enumerable.Range(0, 60).Select(i => i)]),
            PairedRuns.Of(100, [.. Enumerable.Range(0, 60).Select(i => i + 5 + (i % 7))]));
        var difference = comparison.Difference[0];
        // Were the runs independent, their variances would add up.
        var unpaired = Math.Sqrt(Square(comparison.Base[0]) + Square(comparison.Other[0]));
        Assert.True(difference.High - difference.Low < 0.3 * unpaired);

        static double Square(CurvePoint point) => (point.High - point.Low) * (point.High - point.Low);
    }

    [Fact]
    public void Only_common_problems_count_and_the_dropped_ones_are_told()
    {
        ProblemCounts[] left = [new("a", 8, 2), new("b", 8, 4), new("only left", 4, 0), new("also left", 4, 0)];
        ProblemCounts[] right = [new("b", 16, 4), new("only right", 2, 0), new("a", 16, 8)];
        var comparison = PairedComparison.Of(left, right);
        Assert.Equal((2, 2, 1), (
            comparison.Problems.Pairs.Count, comparison.Problems.DroppedBase, comparison.Problems.DroppedOther));
        Assert.Equal(8, comparison.Problems.LargestK);
        Assert.Equal(0.375, comparison.Base[0].Estimate, 1e-15);
        Assert.Equal(0.375, comparison.Other[0].Estimate, 1e-15);
        Assert.Equal([1, 2, 4, 8], comparison.Difference.Select(point => point.K));
    }

    [Fact]
    public void Runs_without_a_common_problem_are_refused() =>
        Assert.Equal(
            "the runs have no problem in common (1 in the base run, 2 in the other), expected at least one.",
            Assert.Throws<InputException>(
                () => PairedComparison.Of([new("a", 1, 1)], [new("b", 1, 1), new("c", 1, 1)])).Message);

    [Fact]
    public void The_sampling_efficiency_gap_is_what_the_base_reaches_less_one_sample_of_the_other()
    {
        var gap = PairedComparison.Of(PairedRuns.Base, PairedRuns.Other).SamplingEfficiencyGap;
        Assert.Equal(512, gap.K);
        Assert.Equal(0.98 - 0.2466796875, gap.Estimate, 1e-13);
        // Standard error of the mean of per-problem gaps, from the counts themselves.
        var gaps = PairedRuns.Base.Zip(PairedRuns.Other, (left, right) => (left.Correct > 0 ? 1 : 0) - (right.Correct / 512.0)).ToArray();
        var error = Math.Sqrt(gaps.Sum(value => (value - gaps.Average()) * (value - gaps.Average()))) / gaps.Length;
        Assert.Equal(gap.Estimate - (1.96 * error), gap.Low, 0.45 * error);
        Assert.Equal(gap.Estimate + (1.96 * error), gap.High, 0.45 * error);
    }

    [Fact]
    public void Swapping_the_runs_turns_the_difference_round()
    {
        var forth = PairedComparison.Of(PairedRuns.Base, PairedRuns.Other);
        var back = PairedComparison.Of(PairedRuns.Other, PairedRuns.Base);
        foreach (var (left, right) in forth.Difference.Zip(back.Difference))
            Assert.Equal(left.Estimate, -right.Estimate, 1e-14);
        Assert.Equal(CrossoverOutcome.OtherAheadAtEnd, back.Crossover.Outcome);
        Assert.Equal((forth.Solvable.BaseOnly, forth.Solvable.OtherOnly), (back.Solvable.OtherOnly, back.Solvable.BaseOnly));
        Assert.Equal(forth.Solvable.McNemarP, back.Solvable.McNemarP);
    }

    [Fact]
    public void Order_and_threads_change_no_bit()
    {
        var settings = new BootstrapSettings { Resamples = 400, Threads = 1 };
        var one = PairedComparison.Of(PairedRuns.Base, PairedRuns.Other, settings);
        var many = PairedComparison.Of(
            [.. PairedRuns.Base.Reverse()], [.. PairedRuns.Other.OrderBy(problem => problem.Id)], settings with { Threads = 4 });
        Assert.Equal(one.Base, many.Base);
        Assert.Equal(one.Other, many.Other);
        Assert.Equal(one.Difference, many.Difference);
        Assert.Equal(one.Crossover, many.Crossover);
        Assert.Equal(one.SamplingEfficiencyGap, many.SamplingEfficiencyGap);
    }
}
