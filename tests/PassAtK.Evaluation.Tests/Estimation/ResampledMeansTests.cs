using PassAtK.Engine.Sampling;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class ResampledMeansTests
{
    [Fact]
    public void A_resample_is_what_the_documented_draws_say()
    {
        const int Problems = 7;
        var settings = new BootstrapSettings { Resamples = 150, Seed = 0x1234_5678_9ABC_DEF0 };
        // Wide enough for whole vectors and a rest; problems 2 and 3 share a row.
        int[] problems = [0, 1, 2, 2, 4, 5, 6];
        var table = ProblemTable.Of(problems, 11, problem => problem, (problem, row) =>
        {
            for (var column = 0; column < row.Length; column++)
                row[column] = Value(problem, column);
        });
        Assert.Equal(6, table.Rows);
        var means = ResampledMeans.Draw(table, settings);

        for (var resample = 0; resample < settings.Resamples; resample++)
        {
            var weights = new List<double>();
            for (uint block = 0; block < 2; block++)
            {
                var (a, b, c, d) = Philox.Block(block, (uint)resample, 0, 0, 0x9ABC_DEF0, 0x1234_5678);
                weights.AddRange(new[] { a, b, c, d }.Select(word => -Math.Log((word + 0.5) / 4294967296.0)));
            }
            for (var column = 0; column < 11; column++)
            {
                var expected = problems.Select((problem, i) => weights[i] * Value(problem, column)).Sum() / weights.Take(Problems).Sum();
                Assert.Equal(expected, means[resample][column], 1e-13);
            }
        }

        static double Value(int problem, int column) => Math.Sin((problem * 11) + column);
    }

    [Fact]
    public void Weights_that_are_too_many_to_keep_are_those_that_are_kept_of_fewer_resamples()
    {
        const int Problems = 1_000;
        var table = ProblemTable.Of([.. Enumerable.Range(0, Problems)], 3, problem => problem, (problem, row) => row.Fill(Math.Sin(problem)));
        var few = BootstrapSettings.Default with { Resamples = 101 };
        Assert.NotNull(ProblemWeights.Of(few, Problems));
        Assert.Null(ProblemWeights.Of(BootstrapSettings.Default, Problems));
        var (kept, drawn) = (ResampledMeans.Draw(table, few), ResampledMeans.Draw(table, BootstrapSettings.Default));
        for (var resample = 0; resample < few.Resamples; resample++)
            Assert.Equal(kept[resample], drawn[resample]);
    }

    [Fact]
    public void Five_hundred_problems_eleven_k_and_ten_thousand_resamples_keep_to_the_theory_of_the_mean()
    {
        var table = ProblemTable.Of([.. Enumerable.Range(0, 500)], 11, problem => problem, (problem, row) => row.Fill(problem / 499.0));
        var means = ResampledMeans.Draw(table, BootstrapSettings.Default);
        var column = Enumerable.Range(0, means.Resamples).Select(resample => means[resample][10]).ToArray();
        var center = column.Average();
        var spread = Math.Sqrt(column.Average(value => (value - center) * (value - center)));
        // Standard deviation of 0..499 over 499 is sqrt((500^2 - 1) / 12) / 499; weights uniform on the simplex leave it over sqrt(501).
        var expected = Math.Sqrt(((500.0 * 500) - 1) / 12) / 499 / Math.Sqrt(501);
        Assert.Equal(0.5, center, 4 * expected / 100);
        Assert.Equal(expected, spread, 0.03 * expected);
    }
}
