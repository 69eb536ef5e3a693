using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

public class ForecastCommandTests
{
    private static string Counts(string name) => RepositoryPaths.InRepository("samples", "countdown", "counts", $"{name}.jsonl");

    [Fact]
    public void A_forecast_from_hidden_samples_is_compared_with_what_all_of_them_show()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["report", Counts("rl-1-1"), "--from-samples", "64", "--forecast", "1024"];
        var report = JsonDocument.Parse(Passatk.Output(folder.Path, [.. command, "--json"])).RootElement;
        Assert.Equal(64, report.GetProperty("passAtK").EnumerateArray().Last().GetProperty("k").GetInt32());
        var last = report.GetProperty("backTest").EnumerateArray().Last();
        // Of all 2,048 samples, by exact binomials in a program of its own.
        Assert.Equal(0.474, last.GetProperty("observed").GetDouble(), 5e-4);
        var forecast = report.GetProperty("forecast").EnumerateArray().Last().GetProperty("estimate").GetDouble();
        Assert.Equal(forecast - last.GetProperty("observed").GetDouble(), last.GetProperty("error").GetDouble(), 12);
        Assert.True(last.GetProperty("within").GetBoolean());

        var text = Passatk.Output(folder.Path, command);
        Assert.Contains("forecast beyond k = 64: not measured but extrapolated", text, StringComparison.Ordinal);
        Assert.Contains("observed", text, StringComparison.Ordinal);
        Assert.Contains("model    p of problems is Beta(", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_samples_of_a_run_are_those_of_the_lowest_indices()
    {
        using var folder = new TemporaryFolder();
        string[] run =
            ["run", "--model", Passatk.RlModel, "--task", Passatk.CountdownTask, "--limit", "12", "--temperature", "1", "--quiet"];
        var few = Passatk.Output(folder.Path, [.. run, "--samples", "8", "--out", "few.passatk", "--json"]);
        Passatk.Output(folder.Path, [.. run, "--samples", "32", "--out", "many.passatk"]);
        var first = Passatk.Output(folder.Path, "report", "many.passatk", "--from-samples", "8", "--json");
        var (expected, actual) = (JsonDocument.Parse(few).RootElement, JsonDocument.Parse(first).RootElement);
        foreach (var field in new[] { "passAtK", "finish", "entropy", "chanceSolved" })
            Assert.Equal(expected.GetProperty(field).GetRawText(), actual.GetProperty(field).GetRawText());
        Assert.False(actual.TryGetProperty("forecast", out _));
    }

    [Fact]
    public void A_comparison_forecasts_both_curves_and_the_crossover()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["compare", Counts("base-1"), Counts("rl-1-1"), "--forecast", "4096"];
        var forecast = JsonDocument.Parse(Passatk.Output(folder.Path, [.. command, "--json"])).RootElement.GetProperty("forecast");
        Assert.Equal([4096], forecast.GetProperty("base").EnumerateArray().Select(point => point.GetProperty("k").GetInt32()));
        Assert.Equal("found", forecast.GetProperty("crossoverSearch").GetProperty("outcome").GetString());
        Assert.Contains("crossover  forecast k* =", Passatk.Output(folder.Path, command), StringComparison.Ordinal);
        // Measured is what there are samples for, whichever k are shown.
        var text = Passatk.Output(folder.Path, [.. command, "--k", "1,10"]);
        Assert.Contains("\nforecast beyond k = 2048: not measured", text, StringComparison.Ordinal);
        Assert.Contains("\nintervals by 1000 resamples of the problems, fitted anew\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "expected more than 2048", "2048")]
    [InlineData(1, "expected at most 131072", "1000000")]
    [InlineData(2, "--forecast is 0", "0")]
    public void A_forecast_of_what_is_measured_or_out_of_reach_is_refused(int exitCode, string reason, string k)
    {
        using var folder = new TemporaryFolder();
        var result = Passatk.Run(folder.Path, "report", Counts("base-1"), "--forecast", k);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }
}
