using System.Diagnostics;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Metrics;

/// <summary>
/// One scheduler's reports: after each step what has changed. Allocates nothing, and where nobody listens adds some sums.
/// </summary>
internal sealed class StepMetrics : IDisposable
{
    private readonly EngineStatistics _statistics;
    private readonly int _blocks;
    private Totals _told;
    private int _usedBlocks;
    private int _branches;
    private long _stepEnd = Stopwatch.GetTimestamp();

    /// <param name="statistics">The scheduler's counts, which may have begun before it.</param>
    /// <param name="blocks">Blocks of its KV cache.</param>
    public StepMetrics(EngineStatistics statistics, int blocks)
    {
        (_statistics, _blocks) = (statistics, blocks);
        _told = Totals.Of(statistics);
        EngineInstruments.Hold(blocks, 0, 0);
    }

    public void EndStep(int usedBlocks, int branches)
    {
        var now = Stopwatch.GetTimestamp();
        EngineInstruments.StepDuration.Record(Stopwatch.GetElapsedTime(_stepEnd, now).TotalSeconds);
        _stepEnd = now;
        EngineInstruments.Hold(0, usedBlocks - _usedBlocks, branches - _branches);
        (_usedBlocks, _branches) = (usedBlocks, branches);
        var totals = Totals.Of(_statistics);
        EngineInstruments.SampledTokens.Add(totals.Tokens - _told.Tokens);
        EngineInstruments.ComputedRows.Add(totals.Rows - _told.Rows);
        EngineInstruments.PrefilledRows.Add(totals.Prefilled - _told.Prefilled);
        EngineInstruments.RecomputedRows.Add(totals.Recomputed - _told.Recomputed);
        EngineInstruments.Preemptions.Add(totals.Preemptions - _told.Preemptions);
        EngineInstruments.Samples.Add(totals.Samples - _told.Samples);
        _told = totals;
    }

    /// <summary>The cache and the branches are gone.</summary>
    public void Dispose() => EngineInstruments.Hold(-_blocks, -_usedBlocks, -_branches);

    private readonly record struct Totals(long Tokens, long Rows, long Prefilled, long Recomputed, long Preemptions, long Samples)
    {
        public static Totals Of(EngineStatistics statistics) => new(
            statistics.SampledTokens, statistics.ComputedRows, statistics.PrefilledRows, statistics.RecomputedRows, statistics.Preemptions,
            statistics.CompletedSamples);
    }
}
