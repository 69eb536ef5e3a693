using System.Diagnostics.Metrics;

namespace PassAtK.Engine.Metrics;

/// <summary>What all schedulers of the process report together.</summary>
internal static class EngineInstruments
{
    public static readonly Counter<long> SampledTokens = PassAtKMeter.Instance.CreateCounter<long>(
        "passatk.tokens.sampled", "{token}", "Drawn tokens, end-of-sequence tokens included");

    public static readonly Counter<long> ComputedRows = PassAtKMeter.Instance.CreateCounter<long>(
        "passatk.rows.computed", "{row}", "Rows of logits that tokens were drawn from");

    public static readonly Counter<long> PrefilledRows = PassAtKMeter.Instance.CreateCounter<long>(
        "passatk.rows.prefilled", "{row}", "Rows of prompts computed for the first time");

    public static readonly Counter<long> RecomputedRows = PassAtKMeter.Instance.CreateCounter<long>(
        "passatk.rows.recomputed", "{row}", "Rows computed again after a preemption");

    public static readonly Counter<long> Preemptions = PassAtKMeter.Instance.CreateCounter<long>(
        "passatk.preemptions", "{preemption}", "Branches that gave up their KV blocks to others");

    public static readonly Counter<long> Samples = PassAtKMeter.Instance.CreateCounter<long>(
        "passatk.samples.completed", "{sample}", "Samples drawn to their end");

    /// <summary>A step of a small model takes a fraction of a millisecond, one of a large model on a CPU a second.</summary>
    public static readonly Histogram<double> StepDuration = PassAtKMeter.Instance.CreateHistogram(
        "passatk.step.duration", "s", "Time from one step's end to the next", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [
                0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
            ],
        });

    private static readonly KeyValuePair<string, object?> Used = new("passatk.cache.block.state", "used");
    private static readonly KeyValuePair<string, object?> Free = new("passatk.cache.block.state", "free");

    // Asked of the process when somebody listens, whenever it began to.
    private static long _usedBlocks;
    private static long _blocks;
    private static long _branches;

    static EngineInstruments()
    {
        PassAtKMeter.Instance.CreateObservableUpDownCounter(
            "passatk.branches", () => Volatile.Read(ref _branches), "{branch}", "Live branches: distinct prefixes that are being extended");
        PassAtKMeter.Instance.CreateObservableUpDownCounter(
            "passatk.cache.blocks",
            static () =>
            {
                var used = Volatile.Read(ref _usedBlocks);
                return (Measurement<long>[])[new(used, Used), new(Volatile.Read(ref _blocks) - used, Free)];
            },
            "{block}", "Blocks of the KV cache, 16 positions each");
    }

    /// <summary>Adds to what the process has; negative where something is given back.</summary>
    public static void Hold(long blocks, long usedBlocks, long branches)
    {
        Interlocked.Add(ref _blocks, blocks);
        Interlocked.Add(ref _usedBlocks, usedBlocks);
        Interlocked.Add(ref _branches, branches);
    }
}
