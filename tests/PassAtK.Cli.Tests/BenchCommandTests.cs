using System.Text.Json;
using System.Text.Json.Nodes;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

public sealed class BenchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Bench(params string[] more) =>
    [
        "bench", "--backend", "cpu", "--model", Passatk.BaseModel, "--batch", "1,4", "--prompt", "20", "--generate", "8", "--threads", "1", .. more,
    ];

    [Fact]
    public void Every_phase_is_held_to_ceilings_of_the_same_run_and_the_phases_fill_the_step()
    {
        using var document = JsonDocument.Parse(Passatk.Output(_folder.Path, Bench("--no-share", "--json")));
        var ceilings = document.RootElement.GetProperty("ceilings");
        Assert.Equal("reads", ceilings.GetProperty("memory").GetString());
        foreach (var result in document.RootElement.GetProperty("results").EnumerateArray())
        {
            JsonElement[] phases = [.. result.GetProperty("phases").EnumerateArray()];
            Assert.Equal(
                ["products", "attention", "sampling", "rest", "host"], phases.Select(phase => phase.GetProperty("phase").GetString()));
            Assert.Equal(1, phases.Sum(phase => phase.GetProperty("share").GetDouble()), 1e-9);
            var products = phases[0];
            // Weights of BF16 are read once; every row takes two operations of each.
            var weights = products.GetProperty("bytes").GetDouble() / 2;
            Assert.Equal(2 * weights * result.GetProperty("batch").GetInt32(), products.GetProperty("flops").GetDouble(), 1e-6 * weights);
            Assert.Equal(
                products.GetProperty("flops").GetDouble() / products.GetProperty("stepSeconds").GetDouble(),
                products.GetProperty("flopsPerSecond").GetDouble(), 1e-3);
            Assert.True(products.GetProperty("ofCeiling").GetDouble() > 0);
            Assert.Equal(3, result.GetProperty("repetitions").GetArrayLength());
        }
    }

    [Fact]
    public void A_sweep_measures_every_batch_at_every_context_and_draws_them()
    {
        var text = Passatk.Output(_folder.Path, Bench("--sweep", "16,40", "--repeat", "1", "--trace", "bench.json"));
        Assert.Matches(@"\n +16 +1 +[0-9.]+", text);
        Assert.Matches(@"\n +40 +4 +[0-9.]+", text);
        Assert.Contains("decode tokens/s by context (down) and batch (across)", text, StringComparison.Ordinal);
        // The largest is filled, in a character of its own where the terminal is a plain one.
        Assert.Contains(Environment.GetEnvironmentVariable("TERM") == "dumb" ? "####" : "████", text, StringComparison.Ordinal);
        using var trace = JsonDocument.Parse(File.ReadAllText(_folder.File("bench.json")));
        Assert.True(trace.RootElement.GetArrayLength() > 100);
    }

    [Theory]
    [InlineData(0.001, "SLOWER", 1)]
    [InlineData(1000, "faster", 0)]
    public void A_measurement_is_held_to_an_older_one(double scale, string verdict, int exitCode)
    {
        File.WriteAllText(_folder.File("old.json"), Scaled(Passatk.Output(_folder.Path, Bench("--json")), scale));
        var result = Passatk.Run(_folder.Path, Bench("--compare", "old.json", "--fail-on-regression"));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(4, result.Output.Split('\n').Count(line => line.EndsWith(verdict, StringComparison.Ordinal)));

        using var document = JsonDocument.Parse(Passatk.Output(_folder.Path, Bench("--compare", "old.json", "--json")));
        JsonElement[] compared = [.. document.RootElement.GetProperty("comparison").EnumerateArray()];
        Assert.Equal(4, compared.Length);
        Assert.All(compared, item => Assert.Equal(verdict.ToLowerInvariant(), item.GetProperty("change").GetString()));
        Assert.All(compared, item => Assert.Equal(0.05, item.GetProperty("probability").GetDouble(), 1e-12));
    }

    [Fact]
    public void Two_machines_or_settings_are_not_compared()
    {
        File.WriteAllText(_folder.File("old.json"), Passatk.Output(_folder.Path, Bench("--json", "--repeat", "1")));
        var other = Passatk.Run(_folder.Path, Bench("--repeat", "1", "--no-share", "--compare", "old.json"));
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("old.json measured with share True, this run with False", other.Error, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("other.json"), "{}");
        Assert.Contains(
            "other.json is not what", Passatk.Run(_folder.Path, Bench("--compare", "other.json")).Error, StringComparison.Ordinal);
        Assert.Contains(
            "absent.json: there is no such file", Passatk.Run(_folder.Path, Bench("--compare", "absent.json")).Error,
            StringComparison.Ordinal);
    }

    /// <summary>The document as a run would have made it whose times were so many times as long.</summary>
    private static string Scaled(string json, double scale)
    {
        var document = JsonNode.Parse(json)!;
        foreach (var result in document["results"]!.AsArray())
        {
            foreach (var repetition in result!["repetitions"]!.AsArray())
            {
                foreach (var name in new[] { "prefillSeconds", "decodeSeconds" })
                    repetition![name] = repetition[name]!.GetValue<double>() * scale;
            }
        }
        return document.ToJsonString();
    }
}
