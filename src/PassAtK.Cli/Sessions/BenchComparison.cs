using System.Globalization;
using System.Text.Json;
using PassAtK.Cli.Commands;
using PassAtK.Engine;
using PassAtK.Engine.Benchmarking;

namespace PassAtK.Cli.Sessions;

/// <summary>Two documents of `passatk bench` against each other, repetition by repetition (<see cref="RepetitionComparison"/>).</summary>
internal static class BenchComparison
{
    /// <exception cref="InputException">
    /// It is not a document of `passatk bench --json`, or an old one without the times of repetitions.
    /// </exception>
    public static BenchDocument Read(string path)
    {
        try
        {
            var document = JsonSerializer.Deserialize(File.ReadAllText(path), CliJson.Default.BenchDocument);
            if (document?.Results is { Count: > 0 } results && results.All(result => result.Repetitions is { Count: > 0 }))
                return document;
        }
        catch (JsonException)
        {
            // The sentence below says what is expected.
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file, expected what 'passatk bench --json' printed.", error);
        }
        throw new InputException($"{path} is not what 'passatk bench --json' of this version prints: it has no times of repetitions.");
    }

    /// <summary>Every measurement that both documents have, decoding before prefill.</summary>
    /// <param name="path">The old document's file, for messages.</param>
    /// <param name="old">The old document.</param>
    /// <param name="current">The new one.</param>
    /// <param name="tolerance">Relative difference that counts as nothing.</param>
    /// <exception cref="InputException">They measured different things, or nothing in common.</exception>
    public static IReadOnlyList<BenchDocument.ComparedResult> Compare(
        string path, BenchDocument old, BenchDocument current, double tolerance)
    {
        Same("model", old.Model, current.Model);
        Same("dtype", old.Dtype, current.Dtype);
        Same("backend", old.Backend, current.Backend);
        Same("CPU", old.Cpu.Name, current.Cpu.Name);
        Same("threads", old.Threads, current.Threads);
        Same("share", old.Share, current.Share);
        Same("distinct", old.Distinct, current.Distinct);
        Same("generate", old.Generate, current.Generate);
        Same("temperature", old.Temperature, current.Temperature);
        Same("top-p", old.TopP, current.TopP);
        var compared = new List<BenchDocument.ComparedResult>();
        foreach (var now in current.Results)
        {
            if (old.Results.FirstOrDefault(result => (result.Prompt, result.Batch) == (now.Prompt, now.Batch)) is not { } before)
                continue;
            Add(now, "decode", Times(before, time => time.DecodeSeconds), Times(now, time => time.DecodeSeconds));
            Add(now, "prefill", Times(before, time => time.PrefillSeconds), Times(now, time => time.PrefillSeconds));
        }
        return compared.Count > 0
            ? compared
            : throw new InputException($"{path} has no batch and prompt in common with this run: there is nothing to compare.");

        void Add(BenchDocument.Result result, string measure, double[] before, double[] after)
        {
            var comparison = RepetitionComparison.Of(before, after, tolerance);
            compared.Add(new BenchDocument.ComparedResult(
                result.Prompt, result.Batch, measure, comparison.Ratio, comparison.Probability, comparison.Change));
        }

        void Same<T>(string what, T before, T now)
        {
            if (!EqualityComparer<T>.Default.Equals(before, now))
            {
                throw new InputException(string.Create(
                    CultureInfo.InvariantCulture, $"{path} measured with {what} {before}, this run with {now}: they cannot be compared."));
            }
        }
    }

    private static double[] Times(BenchDocument.Result result, Func<RepetitionTime, double> time) => [.. result.Repetitions!.Select(time)];
}
