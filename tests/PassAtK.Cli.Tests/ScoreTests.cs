using System.Diagnostics;
using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>`score` on a run: what it stores, what `compare` makes of it, and what it refuses.</summary>
public class ScoreTests
{
    [Fact]
    public void Scoring_a_run_under_its_own_model_gives_the_log_probabilities_it_was_drawn_with()
    {
        using var folder = new TemporaryFolder();
        Make(folder, "own", Passatk.BaseModel);
        string[] score = ["score", "runs/own.passatk", "--model", Passatk.BaseModel];
        // Drawn under other parameters; the log-likelihoods are of temperature 1 all the same.
        var exported = Lines(Passatk.Output(folder.Path, "export", "runs/own.passatk"));
        var scored = Lines(Passatk.Output(folder.Path, [.. score, "--lines"]));
        Assert.Equal(exported.Length, scored.Length);
        foreach (var (sample, likelihood) in exported.Zip(scored))
        {
            foreach (var field in new[] { "problem", "index", "logprob" })
                Assert.Equal(sample.GetProperty(field).GetRawText(), likelihood.GetProperty(field).GetRawText());
            Assert.Equal(sample.GetProperty("tokens").GetArrayLength(), likelihood.GetProperty("logprobs").GetArrayLength());
        }
        using var report = JsonDocument.Parse(Passatk.Output(folder.Path, [.. score, "--json"]));
        var all = report.RootElement.GetProperty("all");
        Assert.Equal(all.GetProperty("own").GetRawText(), all.GetProperty("scorer").GetRawText());
        Assert.Equal(1, all.GetProperty("ratio").GetProperty("high").GetDouble());
    }

    [Fact]
    public void Sharing_prefixes_batch_and_cache_change_no_bit_of_a_score()
    {
        using var folder = new TemporaryFolder();
        string[] stores = ["shared", "alone", "cramped"];
        foreach (var store in stores)
            Make(folder, store, Passatk.RlModel);
        string[] Score(string store, params string[] options) =>
            ["score", $"runs/{store}.passatk", "--model", Passatk.BaseModel, "--lines", .. options];
        var shared = Passatk.Output(folder.Path, Score("shared"));
        Assert.Equal(shared, Passatk.Output(folder.Path, Score("alone", "--no-share", "--batch", "7")));
        Assert.Equal(shared, Passatk.Output(folder.Path, Score("cramped", "--batch", "3", "--threads", "1", "--kv-cache", "1MB")));
    }

    [Fact]
    public void Comparing_says_what_is_missing_and_then_what_the_exported_numbers_say()
    {
        using var folder = new TemporaryFolder();
        Make(folder, "base", Passatk.BaseModel);
        Make(folder, "rl", Passatk.RlModel);
        string[] compare = ["compare", "runs/base.passatk", "runs/rl.passatk"];
        var before = Passatk.Output(folder.Path, compare);
        Assert.Contains($"passatk score runs/rl.passatk --model {Passatk.BaseModel}\n", before, StringComparison.Ordinal);
        using (var without = JsonDocument.Parse(Passatk.Output(folder.Path, [.. compare, "--json"])))
        {
            Assert.Equal(JsonValueKind.Null, without.RootElement.GetProperty("perplexity").ValueKind);
            Assert.Equal(8 * 24, without.RootElement.GetProperty("scoreGap").GetProperty("unscored").GetInt32());
        }

        var scored = Lines(Passatk.Output(folder.Path, "score", "runs/rl.passatk", "--model", Passatk.BaseModel, "--lines"));
        var own = Lines(Passatk.Output(folder.Path, "export", "runs/rl.passatk"));
        var ofBase = Lines(Passatk.Output(folder.Path, "export", "runs/base.passatk"));
        using var report = JsonDocument.Parse(Passatk.Output(folder.Path, [.. compare, "--json"]));
        Assert.Equal(JsonValueKind.Null, report.RootElement.GetProperty("scoreGap").ValueKind);
        var all = report.RootElement.GetProperty("perplexity").GetProperty("all");
        var lengths = own.Select(sample => sample.GetProperty("tokens").GetArrayLength()).ToArray();
        AssertPerplexity(all, "otherUnderOther", own, lengths);
        AssertPerplexity(all, "otherUnderBase", scored, lengths);
        AssertPerplexity(all, "baseUnderBase", ofBase, [.. ofBase.Select(sample => sample.GetProperty("tokens").GetArrayLength())]);
        Assert.Contains("base's own are likelier", Passatk.Output(folder.Path, compare), StringComparison.Ordinal);
        // Among several runs, too.
        using (var series = JsonDocument.Parse(Passatk.Output(folder.Path, [.. compare, "runs/base.passatk", "--json"])))
        {
            var first = series.RootElement.GetProperty("comparisons")[0];
            Assert.Equal(
                all.GetProperty("otherUnderBase").GetProperty("mean").GetProperty("estimate").GetDouble(),
                first.GetProperty("perplexity").GetProperty("all").GetProperty("otherUnderBase").GetProperty("mean").GetProperty("estimate")
                    .GetDouble());
            Assert.Equal(JsonValueKind.Null, first.GetProperty("scoreGap").ValueKind);
        }

        // More samples than scores: it says so again.
        Make(folder, "rl", Passatk.RlModel, samples: 30);
        Assert.Contains("48 samples of the other lack a score", Passatk.Output(folder.Path, compare), StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_of_one_model_need_no_scores()
    {
        using var folder = new TemporaryFolder();
        Make(folder, "one", Passatk.BaseModel);
        Make(folder, "two", Passatk.BaseModel, extra: ["--seed", "5"]);
        using var report = JsonDocument.Parse(Passatk.Output(folder.Path, "compare", "runs/one.passatk", "runs/two.passatk", "--json"));
        var all = report.RootElement.GetProperty("perplexity").GetProperty("all");
        Assert.Equal(all.GetProperty("otherUnderOther").GetRawText(), all.GetProperty("otherUnderBase").GetRawText());
        Assert.NotEqual(all.GetProperty("otherUnderOther").GetRawText(), all.GetProperty("baseUnderBase").GetRawText());
    }

    [Theory]
    // Digits stand in the prompts, signs in the samples alone.
    [InlineData("\"1\": 1", "\"2\": 2", "encodes the prompt of 'countdown-000' differently")]
    [InlineData("\"+\": 10", "\"-\": 11", "its tokens mean something else there")]
    public void A_model_whose_tokens_mean_something_else_is_refused_and_nothing_is_stored(string one, string other, string sentence)
    {
        using var folder = new TemporaryFolder();
        Make(folder, "run", Passatk.RlModel);
        var model = Directory.CreateDirectory(folder.File("swapped")).FullName;
        foreach (var file in Directory.GetFiles(Passatk.BaseModel))
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        var tokenizer = Path.Combine(model, "tokenizer.json");
        var text = File.ReadAllText(tokenizer);
        var (left, right) = (one.Split(": "), other.Split(": "));
        text = text.Replace(one, $"{left[0]}: {right[1]}", StringComparison.Ordinal)
            .Replace(other, $"{right[0]}: {left[1]}", StringComparison.Ordinal);
        File.WriteAllText(tokenizer, text);

        var refused = Passatk.Run(folder.Path, "score", "runs/run.passatk", "--model", model);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        Assert.Contains("swapped", refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
        var scored = Passatk.Output(folder.Path, "score", "runs/run.passatk", "--model", Passatk.BaseModel);
        Assert.Contains("scored and stored", scored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scoring_killed_at_random_moments_ends_with_the_bytes_of_an_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        Make(folder, "whole", Passatk.BaseModel, limit: 20, samples: 32);
        File.Copy(folder.File("runs/whole.passatk"), folder.File("runs/killed.passatk"));
        string[] score = ["--model", Passatk.RlModel, "--lines", "--threads", "1", "--batch", "16", "--no-share", "--quiet"];
        var clock = Stopwatch.StartNew();
        var expected = Passatk.Output(folder.Path, ["score", "runs/whole.passatk", .. score]);
        var duration = clock.Elapsed;
        Assert.Equal(20 * 32, expected.Count(character => character == '\n'));

        var random = new Random(21);
        for (var kills = 0; kills < 4;)
        {
            using var process = Passatk.Start(folder.Path, ["score", "runs/killed.passatk", .. score]);
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            if (!process.WaitForExit(duration * (0.3 + (0.6 * random.NextDouble()))))
            {
                process.Kill();
                process.WaitForExit();
                kills++;
                continue;
            }
            // Finished before the kill: the remaining kills hit a run without scores.
            Assert.Equal(0, process.ExitCode);
            Assert.Equal(expected, await output);
            File.Delete(folder.File("runs/killed.passatk"));
            Make(folder, "killed", Passatk.BaseModel, limit: 20, samples: 32);
        }
        Assert.Equal(expected, Passatk.Output(folder.Path, ["score", "runs/killed.passatk", .. score]));
        Assert.Equal(
            Passatk.Output(folder.Path, "export", "runs/whole.passatk"), Passatk.Output(folder.Path, "export", "runs/killed.passatk"));
    }

    /// <summary>The mean over problems of the mean nats a token, from lines of samples.</summary>
    private static void AssertPerplexity(JsonElement report, string name, JsonElement[] samples, int[] lengths)
    {
        var nats = samples.Select((sample, index) => (
            Problem: sample.GetProperty("problem").GetString(), Nats: -sample.GetProperty("logprob").GetDouble() / lengths[index]));
        var expected = Math.Exp(nats.GroupBy(sample => sample.Problem).Average(problem => problem.Average(sample => sample.Nats)));
        var mean = report.GetProperty(name).GetProperty("mean");
        Assert.Equal(expected, mean.GetProperty("estimate").GetDouble(), 1e-12);
        Assert.True(mean.GetProperty("low").GetDouble() < expected && expected < mean.GetProperty("high").GetDouble());
    }

    private static void Make(TemporaryFolder folder, string name, string model, int limit = 8, int samples = 24, string[]? extra = null) =>
        Passatk.Output(folder.Path, [
            "run", "--model", model, "--task", Passatk.CountdownTask, "--limit", $"{limit}", "--samples", $"{samples}",
            "--temperature", "0.8", "--top-p", "0.98", "--quiet", "--out", $"runs/{name}.passatk", .. extra ?? [],
        ]);

    private static JsonElement[] Lines(string text) =>
        [.. text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
}
