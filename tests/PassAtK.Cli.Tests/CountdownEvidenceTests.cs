using System.Globalization;
using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>
/// The shipped pair against facts from outside: counts by an independent sampler (tests/golden/countdown, numpy) and the sharing that
/// an exact simulation with another implementation predicts (25 problems, 256 samples). Seeds are fixed, so nothing here is random.
/// </summary>
public class CountdownEvidenceTests
{
    private const int Problems = 25;
    private const int Samples = 256;

    [Theory]
    [InlineData("countdown-base")]
    [InlineData("countdown-rl")]
    public void Correct_counts_agree_with_an_independent_sampler(string model)
    {
        using var folder = new TemporaryFolder();
        Run(folder, model, temperature: 1, topP: 1);
        var counts = Passatk.Output(folder.Path, "export", "run.passatk").TrimEnd('\n').Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement)
            .GroupBy(sample => sample.GetProperty("problem").GetString()!)
            .ToDictionary(group => group.Key, group => group.Count(sample => sample.GetProperty("correct").GetBoolean()));

        // Two binomial counts of one probability: the squared standardised differences of 25 problems add up to a chi-square.
        double statistic = 0;
        var compared = 0;
        foreach (var line in File.ReadLines(RepositoryPaths.InRepository("tests", "golden", "countdown", $"{model}.counts.jsonl")).Take(Problems))
        {
            var independent = JsonDocument.Parse(line).RootElement;
            var (n, c) = (independent.GetProperty("n").GetInt32(), independent.GetProperty("c").GetInt32());
            var ours = counts[independent.GetProperty("id").GetString()!];
            var pooled = (c + ours) / (double)(n + Samples);
            if (pooled is 0 or 1)
                continue;
            var difference = (ours / (double)Samples) - (c / (double)n);
            statistic += difference * difference / (pooled * (1 - pooled) * ((1.0 / n) + (1.0 / Samples)));
            compared++;
        }
        // Wilson and Hilferty: the cube root of a chi-square over its degrees is close to normal. 4 deviations: p about 3e-5.
        var deviations = (Math.Cbrt(statistic / compared) - (1 - (2.0 / (9 * compared)))) / Math.Sqrt(2.0 / (9 * compared));
        Assert.InRange(compared, 10, Problems);
        Assert.InRange(deviations, -4, 4);
    }

    [Theory]
    [InlineData("countdown-base", 1.0, 1.0, 2.18)]
    [InlineData("countdown-rl", 1.0, 1.0, 19.1)]
    [InlineData("countdown-base", 0.6, 0.95, 3.01)]
    [InlineData("countdown-rl", 0.6, 0.95, 81.1)]
    public void The_sample_tree_saves_what_a_simulation_predicts(string model, double temperature, double topP, double tokensPerRow)
    {
        using var folder = new TemporaryFolder();
        using var report = JsonDocument.Parse(Run(folder, model, temperature, topP));
        var sharing = report.RootElement.GetProperty("sharing");
        var measured = sharing.GetProperty("sampledTokens").GetDouble() / sharing.GetProperty("computedRows").GetDouble();
        Assert.InRange(measured / tokensPerRow, 0.96, 1.04);
    }

    private static string Run(TemporaryFolder folder, string model, double temperature, double topP) => Passatk.Output(
        folder.Path, "run", "--model", Path.Combine(Passatk.Models, model), "--task", Passatk.CountdownTask, "--limit", $"{Problems}", "--samples",
        $"{Samples}", "--temperature", temperature.ToString(CultureInfo.InvariantCulture), "--top-p", topP.ToString(CultureInfo.InvariantCulture),
        "--quiet", "--json", "--out", "run.passatk");
}
