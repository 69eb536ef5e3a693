using System.Diagnostics;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Benchmarking;

/// <summary>What to measure: `Batch` samples of one random prompt of `Prompt` tokens, each generating `Generate` tokens.</summary>
public sealed record ThroughputSettings(int Batch, int Prompt, int Generate, bool Share, SamplingParameters Parameters);

/// <summary>Tokens per second of one batch size, by the median over repetitions.</summary>
/// <param name="Batch">Samples.</param>
/// <param name="PrefillTokensPerSecond">Prompt tokens over the time of the steps that computed the prompt.</param>
/// <param name="DecodeTokensPerSecond">Sampled tokens after each sample's first, over the time of the steps that drew them, sampling included.</param>
/// <param name="ComputedRowsPerSecond">Rows of logits in the same steps; below the tokens where samples share rows.</param>
/// <param name="DecodeSeconds">Median time of all decoding steps.</param>
/// <param name="DecodeSpread">(slowest - fastest) / median of those times.</param>
/// <param name="DecodeSteps">Steps after the prompt.</param>
/// <param name="Steps">Those steps one by one, of all repetitions.</param>
public sealed record ThroughputResult(
    int Batch, double PrefillTokensPerSecond, double DecodeTokensPerSecond, double ComputedRowsPerSecond, double DecodeSeconds,
    double DecodeSpread, int DecodeSteps, IReadOnlyList<StepTime> Steps)
{
    /// <summary>Median seconds of the steps whose context is at most <paramref name="reach"/> from <paramref name="context"/>; null where there are none.</summary>
    public double? SecondsAt(int context, int reach)
    {
        double[] near = [.. Steps.Where(step => Math.Abs(step.Context - context) <= reach).Select(step => step.Seconds).Order()];
        return near.Length == 0 ? null : near[near.Length / 2];
    }
}

/// <summary>A decoding step: its rows attend to `Context` positions.</summary>
public readonly record struct StepTime(int Context, double Seconds);

/// <summary>Measures a backend through the same scheduler that samples problems.</summary>
public sealed class ThroughputBenchmark(IBackend backend)
{
    private readonly record struct Repetition(double PrefillSeconds, double DecodeSeconds, long DecodeTokens, long DecodeRows, int DecodeSteps);

    /// <summary>Runs once to warm up, then <paramref name="repetitions"/> times.</summary>
    /// <exception cref="InputException">The samples do not fit the context or the cache.</exception>
    public ThroughputResult Measure(ThroughputSettings settings, int repetitions, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        RunOnce(settings with { Generate = Math.Min(settings.Generate, 4) }, [], cancellation);
        var runs = new Repetition[repetitions];
        var steps = new List<StepTime>(repetitions * settings.Generate);
        for (var index = 0; index < repetitions; index++)
            runs[index] = RunOnce(settings, steps, cancellation);

        var last = runs[^1];
        var decode = Median(runs.Select(run => run.DecodeSeconds));
        var spread = (runs.Max(run => run.DecodeSeconds) - runs.Min(run => run.DecodeSeconds)) / decode;
        return new ThroughputResult(
            settings.Batch, settings.Prompt / Median(runs.Select(run => run.PrefillSeconds)), last.DecodeTokens / decode,
            last.DecodeRows / decode, decode, spread, last.DecodeSteps, steps);
    }

    private Repetition RunOnce(ThroughputSettings settings, List<StepTime> times, CancellationToken cancellation)
    {
        var random = new Random(1);
        var request = new SampleRequest
        {
            ProblemId = "throughput",
            Prompt = [.. Enumerable.Range(0, settings.Prompt).Select(_ => random.Next(backend.Config.VocabularySize))],
            Parameters = settings.Parameters,
            Seed = 0,
            MaxTokens = settings.Generate,
            Samples = [.. Enumerable.Range(0, settings.Batch)],
        };
        var options = new EngineOptions { Share = settings.Share, IgnoreEndOfSequence = true };
        var statistics = new EngineStatistics();
        using var scheduler = new Scheduler(backend, tokenizer: null, options, statistics, [request], static _ => { });

        double prefill = 0, decode = 0;
        long firstTokens = 0, firstRows = 0;
        int steps = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            var ran = scheduler.Step();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (!ran)
                break;
            // The step that completes the prompt draws the first tokens: it belongs to the prompt, as in other engines' benchmarks.
            if (firstTokens == 0)
            {
                prefill += seconds;
                (firstTokens, firstRows) = (statistics.SampledTokens, statistics.ComputedRows);
            }
            else
            {
                decode += seconds;
                steps++;
                times.Add(new StepTime(settings.Prompt + steps, seconds));
            }
        }
        return new Repetition(prefill, decode, statistics.SampledTokens - firstTokens, statistics.ComputedRows - firstRows, steps);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
