using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Tests.Estimation.Forecasting;

public class PassAtKForecastTests
{
    private static readonly BootstrapSettings Settings = new() { Resamples = 100 };

    [Fact]
    public void A_forecast_goes_on_from_the_last_measured_value_and_never_falls()
    {
        var measured = PassAtKCurve.Of(PairedRuns.Other, Settings).Points[^1].Estimate;
        var forecast = PassAtKForecast.Of(PairedRuns.Other, 513, Settings).Points.Single();
        Assert.InRange(forecast.Estimate - measured, 0, 1e-3);

        var points = PassAtKForecast.Of(PairedRuns.Other, 64 * 512, Settings).Points;
        Assert.Equal([1024, 2048, 4096, 8192, 16384, 32768], points.Select(point => point.K));
        foreach (var (left, right) in points.Zip(points.Skip(1)))
            Assert.True(left.Estimate < right.Estimate && left.Low <= right.Low && left.High <= right.High);
        Assert.All(points, point => Assert.True(point.Low < point.Estimate && point.Estimate < point.High && point.High <= 1));
    }

    [Fact]
    public void Only_problems_with_too_few_samples_are_extrapolated()
    {
        // p0 has its k samples and p1 is solved; p2 alone is uncertain.
        ProblemCounts[] problems = [new("p0", 64, 1), new("p1", 8, 2), new("p2", 8, 0)];
        var forecast = PassAtKForecast.Of(problems, 32, Settings);
        var fit = SpreadAverage.Of(new SpreadContext(new CountGroups(problems), [8, 32]));
        var unsolved = fit.Unsolved.Index().Sum(shape => fit.Weights[shape.Index] * shape.Item[1] / shape.Item[0]);
        Assert.Equal((0.5 + 1 + (1 - unsolved)) / 3, forecast.Points[^1].Estimate, 8);
    }

    [Fact]
    public void Where_every_problem_is_solved_nothing_is_left_to_forecast()
    {
        var points = PassAtKForecast.Of(PairedRuns.Of(8, 1, 2, 8, 5), 512, Settings).Points;
        // Other problems could still be otherwise, as far as four that agree can tell: as for what is measured.
        Assert.All(points, point =>
        {
            Assert.Equal((1, 1), (point.Estimate, point.High));
            Assert.Equal(Math.Pow(0.025, 1 / 4.0), point.Low, 1e-12);
        });
    }

    [Fact]
    public void A_problem_that_no_fitted_shape_thinks_possible_still_gives_numbers()
    {
        // Alike but for one: at p = 1/2 no problem is unsolved by 2,000 samples.
        ProblemCounts[] problems =
        [
            .. Enumerable.Range(0, 40).Select(at => new ProblemCounts($"p{at}", 2000, 1000)), new ProblemCounts("never", 2000, 0),
        ];
        var forecast = PassAtKForecast.Of(problems, 4000, new BootstrapSettings { Resamples = 100 });
        Assert.All(forecast.Points, point =>
        {
            Assert.InRange(point.Estimate, 40.0 / 41, 1);
            Assert.InRange(point.Low, 0, point.Estimate);
            Assert.InRange(point.High, point.Estimate, 1);
        });
    }

    [Fact]
    public void Order_names_and_threads_change_nothing()
    {
        var random = new Random(5);
        var shuffled = PairedRuns.Other.OrderBy(_ => random.Next()).Select((problem, i) => problem with { Id = $"q{i}" }).ToArray();
        var expected = PassAtKForecast.Of(PairedRuns.Other, 4096, Settings with { Threads = 1 });
        Assert.Equal(expected.Points, PassAtKForecast.Of(shuffled, 4096, Settings with { Threads = 3 }).Points);
    }

    [Fact]
    public void A_k_that_is_measured_or_out_of_reach_is_refused()
    {
        Assert.Contains("measured", Refusal(512), StringComparison.Ordinal);
        Assert.Contains("at most 32768", Refusal(32769), StringComparison.Ordinal);

        static string Refusal(int k) => Assert.Throws<InputException>(() => PassAtKForecast.Of(PairedRuns.Other, k)).Message;
    }

    [Fact]
    public void Each_side_of_a_paired_forecast_is_the_forecast_of_that_run_and_the_crossover_may_lie_beyond_the_samples()
    {
        // Of 60 problems the other run solves half at once and the rest never; the base creeps up on all.
        var left = PairedRuns.Of(16, [.. Enumerable.Range(0, 60).Select(i => i % 4)]);
        var right = PairedRuns.Of(16, [.. Enumerable.Range(0, 60).Select(i => i < 51 ? 14 + (i % 3) : 0)]);
        var paired = PairedForecast.Of(PairedProblems.Of(left, right), 256, Settings);
        Assert.Equal(Estimates(PassAtKForecast.Of(left, 256, Settings).Points), Estimates(paired.Base));
        Assert.Equal(Estimates(PassAtKForecast.Of(right, 256, Settings).Points), Estimates(paired.Other));
        Assert.All(paired.Difference.Index(), point => Assert.Equal(
            paired.Other[point.Index].Estimate - paired.Base[point.Index].Estimate, point.Item.Estimate, 12));
        Assert.Equal(CrossoverOutcome.Found, paired.Crossover.Outcome);
        Assert.InRange(paired.Crossover.K!.Value, 16, 256);

        static IEnumerable<double> Estimates(IEnumerable<CurvePoint> points) => points.Select(point => point.Estimate);
    }

    [Fact]
    public void Samples_are_hidden_as_a_random_choice_would_hide_them()
    {
        const int Problems = 4_000;
        var kept = Enumerable.Range(0, Problems).Select(i => HiddenSamples.Keep(new ProblemCounts($"p{i}", 20, 6), 5).Correct).ToArray();
        for (var correct = 0; correct <= 5; correct++)
        {
            var probability = Choose(6, correct) * Choose(14, 5 - correct) / Choose(20, 5);
            var error = Math.Sqrt(probability * (1 - probability) / Problems);
            Assert.Equal(probability, (double)kept.Count(count => count == correct) / Problems, 4 * error);
        }
        var whole = new ProblemCounts("p0", 20, 6);
        Assert.Equal(whole, HiddenSamples.Keep(whole, 20));

        static double Choose(int n, int k) => Enumerable.Range(0, k).Aggregate(1.0, (product, i) => product * (n - i) / (i + 1));
    }
}
