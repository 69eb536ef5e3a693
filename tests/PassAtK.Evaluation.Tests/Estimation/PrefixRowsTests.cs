using CsCheck;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class PrefixRowsTests
{
    [Fact]
    public void Rows_are_the_different_prefixes_of_samples_that_go_on() =>
        Gen.Int[0, 2].Array[0, 6].List[0, 12].Sample(
            samples =>
            {
                var longest = samples.Select(sample => sample.Length).DefaultIfEmpty(0).Max();
                var expected = Enumerable.Range(0, longest).Select(depth => samples
                    .Where(sample => sample.Length > depth).Select(sample => string.Join(',', sample[..depth])).Distinct().LongCount());
                var drawn = Enumerable.Range(0, longest).Select(depth => samples.LongCount(sample => sample.Length > depth));
                var (tokens, rows) = PrefixRows.ByDepth([.. samples]);
                Assert.Equal(drawn, tokens);
                Assert.Equal(expected, rows);
            },
            iter: 2_000, threads: 1);

    [Fact]
    public void Bands_of_depth_double_and_ratios_are_of_sums_over_problems()
    {
        // Two samples that part at the second token, and two that never do.
        var parted = ProblemExploration.Of("a", [[1, 2, 3, 4, 5], [1, 7, 3, 4, 5]]);
        var same = ProblemExploration.Of("b", [[1, 2, 3], [1, 2, 3]]);
        Assert.Equal([2L, 2, 4, 2], parted.Tokens);
        Assert.Equal([1L, 1, 4, 2], parted.Rows);
        var exploration = Exploration.Of([parted, same], new BootstrapSettings { Resamples = 200 })!;
        Assert.Equal((8 + 3) / 16.0, exploration.Overall.Estimate);
        Assert.Equal(
            [(0, 0, 0.5), (1, 1, 0.5), (2, 3, 5 / 6.0), (4, 7, 1.0)],
            exploration.Depths.Select(band => (band.From, band.To, band.Estimate)));
        Assert.All(exploration.Depths, band => Assert.True(band.Low <= band.Estimate && band.Estimate <= band.High));
        Assert.Null(Exploration.Of([]));
    }
}
