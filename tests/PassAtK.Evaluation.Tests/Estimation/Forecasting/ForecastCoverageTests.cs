using System.Globalization;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Tests.Estimation.Forecasting;

/// <summary>
/// How far forecasts of pass@256 from 32 samples are off and how often their 95% intervals hold the truth, where p is spread as the model
/// has it and where it is not. The numbers are those of docs/forecasts.md, from 120 repetitions (`PASSATK_COVERAGE=120`); the tests repeat 30.
/// </summary>
public class ForecastCoverageTests
{
    private const int Problems = 100;
    private const int Samples = 32;
    private const int K = 256;
    private static readonly int Repetitions =
        int.TryParse(Environment.GetEnvironmentVariable("PASSATK_COVERAGE"), CultureInfo.InvariantCulture, out var asked) ? asked : 30;

    [Theory]
    [InlineData("beta", 0.012, 0.950)]
    [InlineData("hopeless", 0.002, 0.967)]
    [InlineData("two kinds", -0.030, 0.867)]
    [InlineData("logit-normal", -0.027, 0.942)]
    [InlineData("hopeless and logit-normal", 0.075, 0.892)]
    [InlineData("U-shape", 0.006, 0.958)]
    public void Errors_and_coverage_are_as_documented(string spread, double documentedError, double documentedCoverage)
    {
        var draw = Spread(spread);
        var truth = Truth(draw);
        var random = new Random(7);
        var (covered, errors) = (0, new double[Repetitions]);
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var run = Enumerable.Range(0, Problems).Select(i =>
            {
                var p = draw(random);
                return new ProblemCounts($"p{i}", Samples, Enumerable.Range(0, Samples).Count(_ => random.NextDouble() < p));
            }).ToArray();
            var point = PassAtKForecast.Of(run, K, new BootstrapSettings { Resamples = 200, Seed = (ulong)repetition }).Points[^1];
            errors[repetition] = point.Estimate - truth;
            covered += point.Low <= truth && truth <= point.High ? 1 : 0;
        }
        var mean = errors.Average();
        var deviation = Math.Sqrt(errors.Sum(error => (error - mean) * (error - mean)) / (Repetitions - 1));
        var share = (double)covered / Repetitions;
        TestContext.Current.SendDiagnosticMessage("{0}: {1:0.000}, {2:0.000}", spread, mean, share);
        Assert.Equal(documentedError, mean, 3 * deviation * Math.Sqrt((1.0 / Repetitions) + (1.0 / 120)));
        Assert.Equal(documentedCoverage, share, 0.01 + (3 * Math.Sqrt(documentedCoverage * (1.02 - documentedCoverage) / Repetitions)));
    }

    private static Func<Random, double> Spread(string name) => name switch
    {
        // u^3 of a uniform u is Beta(1/3, 1).
        "beta" => random => Math.Pow(random.NextDouble(), 3),
        "hopeless" => random => random.NextDouble() < 0.3 ? 0 : Math.Sqrt(random.NextDouble()),
        "two kinds" => random => random.NextDouble() < 0.5 ? 0.01 : 0.5,
        "logit-normal" => random => 1 / (1 + Math.Exp(3 - (2 * Normal(random)))),
        "hopeless and logit-normal" => random => random.NextDouble() < 0.3 ? 0 : 1 / (1 + Math.Exp(1 - (1.5 * Normal(random)))),
        _ => random => random.NextDouble() is var u && u < 0.5 ? Math.Pow(2 * u, 6) : 1 - Math.Pow((2 * u) - 1, 6),
    };

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // By a million draws: a standard error of at most 0.0005.
    private static double Truth(Func<Random, double> draw)
    {
        var random = new Random(11);
        return Enumerable.Range(0, 1_000_000).Average(_ => 1 - Math.Pow(1 - draw(random), K));
    }
}
