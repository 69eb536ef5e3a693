using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

/// <summary>
/// The figures of arXiv 2504.13837 that counts can be made of: which of the 30 problems of AIME24 the base model and the model after
/// reinforcement learning solve at all, and pass@1 and pass@256 of Omni-MATH before and after training with GRPO.
/// </summary>
public class PublishedFiguresTests
{
    [Fact]
    public void The_solvable_sets_of_AIME24_are_told_apart_neither_by_the_exact_test_nor_by_the_interval()
    {
        // 23 and 19 of 30; problems 4, 11, 17 and 19 are solved by the base alone, so the other 19 by both and 7 by neither.
        string[] baseOnly = ["4", "11", "17", "19"];
        var neither = new[] { "0", "1", "2", "3", "5", "6", "7" };
        var ids = Enumerable.Range(0, 30).Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var comparison = PairedComparison.Of(
            [.. ids.Select(id => new ProblemCounts(id, 256, neither.Contains(id) ? 0 : 8))],
            [.. ids.Select(id => new ProblemCounts(id, 256, neither.Contains(id) || baseOnly.Contains(id) ? 0 : 64))]);
        var solvable = comparison.Solvable;
        Assert.Equal((19.0, 4.0, 0.0, 7.0), (solvable.Both, solvable.BaseOnly, solvable.OtherOnly, solvable.Neither));
        // Four fair coins on one side: 2 / 2^4.
        Assert.Equal(0.125, solvable.McNemarP);
        // Zero is inside because half a problem outweighs four in more than 2.04% of resamples: P(Gamma(1/2) > Gamma(4)) = 2.2%.
        var difference = comparison.Difference[^1];
        Assert.Equal(-4 / 30.0, difference.Estimate, 1e-15);
        Assert.InRange(difference.High, 0, 0.02);
        Assert.Equal(23 / 30.0, comparison.Base[^1].Estimate, 1e-15);
        Assert.Equal(19 / 30.0, comparison.Other[^1].Estimate, 1e-15);
        Assert.Equal(baseOnly.Order(StringComparer.Ordinal), ChangedSides.Of(comparison.Problems).BaseOnly.Select(pair => pair.Id));
        Assert.Empty(ChangedSides.Of(comparison.Problems).OtherOnly);
    }

    [Fact]
    public void Six_problems_on_one_side_and_none_on_the_other_are_the_fewest_that_the_exact_test_tells_apart()
    {
        Assert.Equal(0.0625, McNemar.TwoSidedP(5, 0));
        Assert.Equal(0.03125, McNemar.TwoSidedP(6, 0));
        // Of 30 problems that is 20 points.
        Assert.Equal(0.2, 6 / 30.0);
    }

    [Fact]
    public void The_gaps_of_Omni_MATH_are_those_of_the_published_curves()
    {
        // A thousand problems whose mean pass@1 and pass@256 are the published ones: 691 solved, 10.2% of samples correct; 683 and 25.1%.
        var @base = Problems(solved: 691, correct: 26_112);
        var trained = Problems(solved: 683, correct: 64_256);
        var comparison = PairedComparison.Of(@base, trained);
        Assert.Equal((0.102, 0.691), (comparison.Base[0].Estimate, comparison.Base[^1].Estimate), Close);
        Assert.Equal((0.251, 0.683), (comparison.Other[0].Estimate, comparison.Other[^1].Estimate), Close);
        Assert.Equal(0.691 - 0.251, comparison.SamplingEfficiencyGap.Estimate, 1e-12);
        Assert.Equal((0.149, -0.008), (comparison.Difference[0].Estimate, comparison.Difference[^1].Estimate), Close);
        // The trained model against itself: what it still leaves to its own 256 samples.
        Assert.Equal(0.683 - 0.251, PairedComparison.Of(trained, trained).SamplingEfficiencyGap.Estimate, 1e-12);
    }

    private static bool Close((double, double) left, (double, double) right) =>
        Math.Abs(left.Item1 - right.Item1) < 1e-12 && Math.Abs(left.Item2 - right.Item2) < 1e-12;

    // Spread as evenly as whole numbers allow over the solved ones, which come first.
    private static ProblemCounts[] Problems(int solved, int correct) =>
    [
        .. Enumerable.Range(0, 1_000).Select(i => new ProblemCounts(
            $"omni/{i}", 256, i < solved ? (correct / solved) + (i < correct % solved ? 1 : 0) : 0)),
    ];
}
