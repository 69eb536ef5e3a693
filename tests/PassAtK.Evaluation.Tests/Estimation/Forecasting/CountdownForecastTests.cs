using System.Globalization;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;
using PassAtK.Evaluation.Reports;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Estimation.Forecasting;

/// <summary>
/// The table of docs/forecasts.md: pass@1,024 of the countdown models, forecast from 64 of their 2,048 samples, and what all samples show.
/// `PASSATK_COVERAGE=1000` draws as many resamples as the table's intervals have.
/// </summary>
public class CountdownForecastTests
{
    // Forecast and observed, percent.
    private static readonly (string Run, double Forecast, double Observed)[] Documented =
    [
        ("base-1", 98.0, 96.5), ("base-2", 97.7, 96.2), ("rl-1-1", 45.8, 47.4), ("rl-1-2", 48.2, 49.5), ("rl-1-3", 47.2, 51.5),
        ("rl-2-1", 39.7, 39.3), ("rl-2-2", 31.9, 36.7), ("rl-2-3", 39.9, 42.6), ("rl-1-1-50", 80.9, 80.1), ("rl-1-1-kl", 88.0, 88.6),
    ];

    [Fact]
    public void Forecasts_of_pass_at_1024_from_64_samples_are_as_documented()
    {
        var resamples = int.TryParse(Environment.GetEnvironmentVariable("PASSATK_COVERAGE"), CultureInfo.InvariantCulture, out var asked)
            ? asked : 100;
        var (off, errors) = (new List<double>(), new List<double>());
        foreach (var (run, forecast, observed) in Documented)
        {
            var path = RepositoryPaths.InRepository("samples", "countdown", "counts", $"{run}.jsonl");
            var whole = CountsFile.Read(path);
            ProblemCounts[] few = [.. whole.Select(problem => HiddenSamples.Keep(problem, 64))];
            var point = PassAtKForecast.Of(few, 1024, new BootstrapSettings { Resamples = resamples }).Points[^1];
            var all = whole.Average(problem => PassAtKEstimator.Estimate(problem.Samples, problem.Correct, 1024));
            TestContext.Current.SendDiagnosticMessage(
                "| {0} | {1:0.0} [{2:0.0}, {3:0.0}] | {4:0.0} | {5:+0.0;-0.0} |",
                run, 100 * point.Estimate, 100 * point.Low, 100 * point.High, 100 * all, 100 * (point.Estimate - all));
            off.AddRange([(100 * all) - observed, (100 * point.Estimate) - forecast]);
            errors.Add(100 * (point.Estimate - all));
            Assert.InRange(all, point.Low, point.High);
        }
        Assert.Equal(-1.1, errors.Average(), 0.051);
        Assert.All(off, difference => Assert.Equal(0, difference, 0.051));
    }
}
