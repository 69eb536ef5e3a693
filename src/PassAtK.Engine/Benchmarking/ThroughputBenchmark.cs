using System.Diagnostics;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Benchmarking;

/// <summary>What to measure: `Batch` samples of random prompts of `Prompt` tokens, each generating `Generate` tokens.</summary>
/// <param name="Batch">Samples.</param>
/// <param name="Prompt">Tokens of a prompt.</param>
/// <param name="Generate">Tokens of a sample.</param>
/// <param name="Share">Whether samples that agree share rows.</param>
/// <param name="Parameters">How tokens are drawn.</param>
/// <param name="Distinct">Whether each sample has a prompt of its own, so that no two rows have keys and values in common.</param>
public sealed record ThroughputSettings(
    int Batch, int Prompt, int Generate, bool Share, SamplingParameters Parameters, bool Distinct = false);

/// <summary>Tokens per second of one batch size, by the median over repetitions.</summary>
/// <param name="Batch">Samples.</param>
/// <param name="PrefillTokensPerSecond">Prompt tokens over the time until the first tokens were drawn.</param>
/// <param name="DecodeTokensPerSecond">
/// Sampled tokens after each sample's first, over the time from the first to the last, sampling included.
/// </param>
/// <param name="ComputedRowsPerSecond">Rows of logits in the same steps; below the tokens where samples share rows.</param>
/// <param name="DecodeSeconds">Median time of all decoding steps.</param>
/// <param name="DecodeSpread">(slowest - fastest) / median of those times.</param>
/// <param name="DecodeSteps">Steps after the prompt.</param>
/// <param name="DecodeRows">Their rows.</param>
/// <param name="Steps">Those steps one by one, of all repetitions.</param>
/// <param name="Repetitions">The times of each repetition.</param>
public sealed record ThroughputResult(
    int Batch, double PrefillTokensPerSecond, double DecodeTokensPerSecond, double ComputedRowsPerSecond, double DecodeSeconds,
    double DecodeSpread, int DecodeSteps, long DecodeRows, IReadOnlyList<StepTime> Steps, IReadOnlyList<RepetitionTime> Repetitions)
{
    /// <summary>What the decoding steps that were watched spent their time on; null without a tracer.</summary>
    public StepPhases.Totals? Phases { get; init; }

    /// <summary>Rows of a decoding step, on average.</summary>
    public double StepRows => (double)DecodeRows / DecodeSteps;

    /// <summary>
    /// Median seconds of the steps whose context is at most <paramref name="reach"/> from <paramref name="context"/>; null where there are
    /// none.
    /// </summary>
    public double? SecondsAt(int context, int reach)
    {
        double[] near = [.. Steps.Where(step => Math.Abs(step.Context - context) <= reach).Select(step => step.Seconds).Order()];
        return near.Length == 0 ? null : near[near.Length / 2];
    }
}

/// <summary>A decoding step: its rows attend to `Context` positions.</summary>
public readonly record struct StepTime(int Context, double Seconds);

/// <summary>Seconds of one repetition: to the first tokens, and from there on.</summary>
public readonly record struct RepetitionTime(double PrefillSeconds, double DecodeSeconds);

/// <summary>Measures a backend through the same scheduler that samples problems.</summary>
/// <param name="backend">The backend.</param>
/// <param name="tracer">The one that the backend has, for the phases of decoding; null for none.</param>
public sealed class ThroughputBenchmark(IBackend backend, Tracer? tracer = null)
{
    private readonly record struct Repetition(double PrefillSeconds, double DecodeSeconds, long DecodeTokens, long DecodeRows, int DecodeSteps,
        StepPhases.Totals Phases);

    /// <summary>Runs once to warm up, then <paramref name="repetitions"/> times.</summary>
    /// <exception cref="InputException">Fewer than two tokens to generate, or the samples do not fit the context or the cache.</exception>
    public ThroughputResult Measure(ThroughputSettings settings, int repetitions, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repetitions);
        if (settings.Generate < 2)
            throw new InputException(
                $"tokens to generate is {settings.Generate}, expected at least 2: the first belongs to the prompt's time.");
        RunOnce(settings with { Generate = Math.Min(settings.Generate, 4) }, [], cancellation);
        var runs = new Repetition[repetitions];
        var steps = new List<StepTime>(repetitions * settings.Generate);
        for (var index = 0; index < repetitions; index++)
            runs[index] = RunOnce(settings, steps, cancellation);

        var last = runs[^1];
        var decode = Median(runs.Select(run => run.DecodeSeconds));
        var spread = (runs.Max(run => run.DecodeSeconds) - runs.Min(run => run.DecodeSeconds)) / decode;
        return new ThroughputResult(
            settings.Batch, (double)Prompts(settings) * settings.Prompt / Median(runs.Select(run => run.PrefillSeconds)), last.DecodeTokens / decode,
            last.DecodeRows / decode, decode, spread, last.DecodeSteps, last.DecodeRows, steps,
            [.. runs.Select(run => new RepetitionTime(run.PrefillSeconds, run.DecodeSeconds))])
        {
            Phases = tracer is null ? null : runs.Aggregate(default(StepPhases.Totals), (sum, run) => sum + run.Phases),
        };
    }

    private Repetition RunOnce(ThroughputSettings settings, List<StepTime> times, CancellationToken cancellation)
    {
        var options = new EngineOptions { Share = settings.Share, IgnoreEndOfSequence = true, Tracer = tracer };
        var statistics = new EngineStatistics();
        using var scheduler = new Scheduler(backend, tokenizer: null, options, statistics, Requests(settings), static _ => { });
        var prefilled = (long)Prompts(settings) * (settings.Prompt - 1);

        // Collecting a step may overlap with the next one's work, so only the time between two collections tells. The step that completes
        // the prompt draws the first tokens: it belongs to the prompt, as in other engines' benchmarks.
        var start = Stopwatch.GetTimestamp();
        while (statistics.SampledTokens == 0 || statistics.PrefilledRows < prefilled)
            Step(scheduler, cancellation);
        var first = Stopwatch.GetTimestamp();
        var phases = Phases();
        var (firstTokens, firstRows, firstSteps) = (statistics.SampledTokens, statistics.ComputedRows, statistics.Steps);
        var (before, steps) = (first, firstSteps);
        while (Step(scheduler, cancellation))
        {
            if (statistics.Steps == steps)
                continue;
            var now = Stopwatch.GetTimestamp();
            steps = statistics.Steps;
            times.Add(new StepTime(settings.Prompt + (int)(steps - firstSteps), Stopwatch.GetElapsedTime(before, now).TotalSeconds));
            before = now;
        }
        return new Repetition(
            Stopwatch.GetElapsedTime(start, first).TotalSeconds, Stopwatch.GetElapsedTime(first).TotalSeconds,
            statistics.SampledTokens - firstTokens, statistics.ComputedRows - firstRows, (int)(statistics.Steps - firstSteps), Phases() - phases);
    }

    private static int Prompts(ThroughputSettings settings) => settings.Distinct ? settings.Batch : 1;

    private IEnumerable<SampleRequest> Requests(ThroughputSettings settings)
    {
        var random = new Random(1);
        var prompts = Prompts(settings);
        for (var index = 0; index < prompts; index++)
        {
            yield return new SampleRequest
            {
                ProblemId = prompts == 1 ? "throughput" : $"throughput-{index}",
                Prompt = [.. Enumerable.Range(0, settings.Prompt).Select(_ => random.Next(backend.Config.VocabularySize))],
                Parameters = settings.Parameters,
                Seed = 0,
                MaxTokens = settings.Generate,
                Samples = [.. Enumerable.Range(0, settings.Batch / prompts)],
            };
        }
    }

    private StepPhases.Totals Phases() => tracer is null ? default : StepPhases.Totals.Of(tracer);

    private static bool Step(Scheduler scheduler, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return scheduler.Step();
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
