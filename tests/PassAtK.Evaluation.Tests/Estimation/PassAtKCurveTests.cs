using CsCheck;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class PassAtKCurveTests
{
    private static readonly BootstrapSettings Quick = new() { Resamples = 500 };

    private static readonly Gen<ProblemCounts[]> Runs =
        (from samples in Gen.Int[1, 40] from share in Gen.Double[0, 1] select (samples, correct: (int)(share * (samples + 0.999))))
        .Array[1, 30]
        .Select(counts => counts.Select((count, i) => new ProblemCounts($"p{i}", count.samples, count.correct)).ToArray());

    [Fact]
    public void The_estimate_is_the_mean_over_problems()
    {
        var curve = PassAtKCurve.Of(PairedRuns.Base);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], curve.Points.Select(point => point.K));
        Assert.Equal(
            [0.09388671875, 0.17125420437866928, 0.2895384951555776, 0.4370030124494893, 0.5794368355951667, 0.6941985647461557,
                0.7831172337274309, 0.8542792212485538, 0.9164417284908083, 0.98],
            curve.Points.Select(point => point.Estimate), (left, right) => Math.Abs(left - right) < 1e-13);
        Assert.Equal((100, 512, 512, 51_200L), (curve.Problems, curve.FewestSamples, curve.MostSamples, curve.TotalSamples));
    }

    [Fact]
    public void The_interval_is_the_one_that_normal_theory_gives_for_many_problems()
    {
        // 2,000 problems: the bootstrap's limits approach mean -+ 1.96 standard errors.
        var problems = PairedRuns.Of(64, [.. Enumerable.Range(0, 2000).Select(i => i * 7919 % 65)]);
        foreach (var point in PassAtKCurve.Of(problems).Points.Take(4))
        {
            var values = problems.Select(problem => PassAtKEstimator.Estimate(64, problem.Correct, point.K)).ToArray();
            var mean = values.Average();
            var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / values.Length);
            Assert.Equal(mean - (1.96 * error), point.Low, 0.08 * error);
            Assert.Equal(mean + (1.96 * error), point.High, 0.08 * error);
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var one = PassAtKCurve.Of(PairedRuns.Other, new BootstrapSettings { Resamples = 1_037, Threads = 1 });
        foreach (var threads in new[] { 0, 2, 3, 8 })
        {
            var many = PassAtKCurve.Of(PairedRuns.Other, new BootstrapSettings { Resamples = 1_037, Threads = threads });
            Assert.Equal(one.Points, many.Points);
        }
    }

    [Fact]
    public void Another_seed_draws_other_resamples_of_about_the_same_interval()
    {
        var first = PassAtKCurve.Of(PairedRuns.Other).Points[0];
        var second = PassAtKCurve.Of(PairedRuns.Other, new() { Seed = 1 }).Points[0];
        Assert.NotEqual(first.Low, second.Low);
        Assert.Equal(first.Low, second.Low, 0.005);
        Assert.Equal(first.High, second.High, 0.005);
    }

    [Fact]
    public void Neither_order_nor_names_of_problems_change_a_bit() =>
        Runs.Sample(
            problems =>
            {
                var renamed = problems.Reverse()
                    .Select((problem, i) => new ProblemCounts($"renamed {i}", problem.Samples, problem.Correct));
                return PassAtKCurve.Of(problems, Quick).Points.SequenceEqual(PassAtKCurve.Of([.. renamed], Quick).Points);
            },
            iter: 50, threads: 1);

    [Fact]
    public void Intervals_hold_their_estimates_and_stay_between_0_and_1() =>
        Runs.Sample(
            problems => PassAtKCurve.Of(problems, Quick).Points.All(point =>
                point.Low >= 0 && point.Low <= point.Estimate && point.Estimate <= point.High && point.High <= 1),
            iter: 200, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(30)]
    public void Where_all_problems_fail_or_all_are_solved_the_limits_are_those_of_Clopper_and_Pearson(int problems)
    {
        var (low, high) = ClopperPearson.Interval(0, problems, 0.95);
        Assert.All(PassAtKCurve.Of(PairedRuns.Of(24, new int[problems]), Quick).Points, point =>
        {
            Assert.Equal((0.0, low), (point.Estimate, point.Low));
            Assert.Equal(high, point.High, 1e-12);
        });
        Assert.All(PassAtKCurve.Of(PairedRuns.Of(24, [.. Enumerable.Repeat(24, problems)]), Quick).Points, point =>
        {
            Assert.Equal((1.0, 1.0), (point.Estimate, point.High));
            Assert.Equal(1 - high, point.Low, 1e-12);
        });
    }

    [Fact]
    public void Problems_that_agree_bound_how_many_others_can_be_otherwise()
    {
        // With three problems alike, a share q of others stays unseen with probability (1 - q)^3; they may lie at 0 or at 1.
        var point = PassAtKCurve.Of(PairedRuns.Of(24, 6, 6, 6), Quick).Points[0];
        var otherwise = 1 - Math.Cbrt(0.025);
        Assert.Equal(0.25, point.Estimate);
        Assert.Equal(0.25 * (1 - otherwise), point.Low, 1e-12);
        Assert.Equal(0.25 + (0.75 * otherwise), point.High, 1e-12);
    }

    [Fact]
    public void A_list_of_k_is_looked_at_as_given_and_what_n_does_not_support_is_refused()
    {
        ProblemCounts[] problems = [new("a", 12, 3), new("b", 10, 1)];
        Assert.Equal([1, 5, 10], PassAtKCurve.Of(problems, Quick, [10, 1, 5, 10]).Points.Select(point => point.K));
        Assert.Equal(
            "pass@11 needs at least 11 samples of each problem, and some problem has 10: nothing is extrapolated.",
            Assert.Throws<InputException>(() => PassAtKCurve.Of(problems, Quick, [1, 11])).Message);
        Assert.Equal("k is 0, expected at least 1.", Assert.Throws<InputException>(() => PassAtKCurve.Of(problems, Quick, [0])).Message);
        Assert.Equal(
            "the list of k is empty, expected at least one.",
            Assert.Throws<InputException>(() => PassAtKCurve.Of(problems, Quick, [])).Message);
    }

    [Fact]
    public void Ragged_runs_end_at_the_smallest_n_and_use_every_sample()
    {
        ProblemCounts[] problems = [new("a", 6, 3), new("b", 100, 1), new("c", 50, 50)];
        var curve = PassAtKCurve.Of(problems, Quick);
        Assert.Equal([1, 2, 4, 6], curve.Points.Select(point => point.K));
        Assert.Equal((6, 100, 156L), (curve.FewestSamples, curve.MostSamples, curve.TotalSamples));
        Assert.All(curve.Points, point => Assert.Equal(
            problems.Average(problem => PassAtKEstimator.Estimate(problem.Samples, problem.Correct, point.K)), point.Estimate, 1e-15));
    }

    [Fact]
    public void A_run_without_problems_and_an_id_that_comes_twice_are_refused()
    {
        Assert.Equal(
            "the run has no problems with samples, expected at least one.",
            Assert.Throws<InputException>(() => PassAtKCurve.Of([])).Message);
        Assert.Equal(
            "problem 'a' appears more than once, expected each id once.",
            Assert.Throws<InputException>(() => PassAtKCurve.Of([new("a", 2, 1), new("b", 2, 1), new("a", 2, 0)])).Message);
    }

    [Theory]
    [InlineData(99, 0.95, 0, "bootstrap resamples is 99, expected 100 to 1000000.")]
    [InlineData(100, 1, 0, "confidence is 1, expected more than 0 and less than 1.")]
    [InlineData(100, double.NaN, 0, "confidence is NaN, expected more than 0 and less than 1.")]
    [InlineData(100, 0.9, -1, "threads is -1, expected 0 (one a core) or more.")]
    public void Bad_settings_are_refused_by_name(int resamples, double confidence, int threads, string message)
    {
        var settings = new BootstrapSettings { Resamples = resamples, Confidence = confidence, Threads = threads };
        Assert.Equal(message, Assert.Throws<InputException>(() => PassAtKCurve.Of(PairedRuns.Base, settings)).Message);
    }

    [Fact]
    public void Impossible_counts_are_refused_by_name()
    {
        Assert.Equal(
            "problem 'x' has 0 samples, expected at least 1.",
            Assert.Throws<InputException>(() => new ProblemCounts("x", 0, 0)).Message);
        Assert.Equal(
            "problem 'x' has 5 correct samples, expected 0 to 4.",
            Assert.Throws<InputException>(() => new ProblemCounts("x", 4, 5)).Message);
    }
}
