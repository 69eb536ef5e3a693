using System.Globalization;
using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>
/// The shipped pair against an independent sampler (tests/golden/countdown, numpy: 25 problems, 256 samples, its own random numbers).
/// Seeds are fixed, so nothing here is random.
/// </summary>
public class CountdownEvidenceTests
{
    private const int Problems = 25;
    private const int Samples = 256;

    [Theory]
    [InlineData("countdown-base", 1.0, 1.0)]
    [InlineData("countdown-rl", 1.0, 1.0)]
    [InlineData("countdown-base", 0.6, 0.95)]
    [InlineData("countdown-rl", 0.6, 0.95)]
    public void Correct_counts_and_sharing_agree_with_an_independent_sampler(string model, double temperature, double topP)
    {
        using var folder = new TemporaryFolder();
        using var report = JsonDocument.Parse(Run(folder, model, temperature, topP));
        var counts = Passatk.Output(folder.Path, "export", "run.passatk").TrimEnd('\n').Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement)
            .GroupBy(sample => sample.GetProperty("problem").GetString()!)
            .ToDictionary(group => group.Key, group => group.Count(sample => sample.GetProperty("correct").GetBoolean()));
        var golden = string.Create(CultureInfo.InvariantCulture, $"{model}-{temperature}-{topP}.jsonl");
        var independent = File.ReadLines(RepositoryPaths.InRepository("tests", "golden", "countdown", golden))
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(Problems, independent.Length);

        // Two binomial counts of one probability: the squared standardised differences of all problems add up to a chi-square.
        double statistic = 0;
        var compared = 0;
        foreach (var problem in independent)
        {
            Assert.Equal(Samples, Number(problem, "n"));
            var (theirs, ours) = (Number(problem, "c"), counts[problem.GetProperty("id").GetString()!]);
            var pooled = (theirs + ours) / (2.0 * Samples);
            if (pooled is 0 or 1)
                continue; // Both say never, or both say always: most problems of a model that hardly varies.
            var difference = (ours - theirs) / (double)Samples;
            statistic += difference * difference / (pooled * (1 - pooled) * (2.0 / Samples));
            compared++;
        }
        // Wilson and Hilferty: the cube root of a chi-square over its degrees is close to normal. 4 deviations: p about 3e-5.
        var deviations = (Math.Cbrt(statistic / compared) - (1 - (2.0 / (9 * compared)))) / Math.Sqrt(2.0 / (9 * compared));
        Assert.InRange(compared, 1, Problems);
        Assert.InRange(deviations, -4, 4);

        // Tokens per computed row of logits: the tree computes each distinct prefix once.
        var sharing = report.RootElement.GetProperty("sharing");
        var measured = Number(sharing, "sampledTokens") / (double)Number(sharing, "computedRows");
        var expected = independent.Sum(problem => Number(problem, "tokens")) / (double)independent.Sum(problem => Number(problem, "rows"));
        Assert.InRange(measured / expected, 0.96, 1.04);
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static string Run(TemporaryFolder folder, string model, double temperature, double topP) => Passatk.Output(
        folder.Path, "run", "--model", Path.Combine(Passatk.Models, model), "--task", Passatk.CountdownTask, "--limit", $"{Problems}", "--samples",
        $"{Samples}", "--temperature", temperature.ToString(CultureInfo.InvariantCulture), "--top-p", topP.ToString(CultureInfo.InvariantCulture),
        "--quiet", "--json", "--out", "run.passatk");
}
