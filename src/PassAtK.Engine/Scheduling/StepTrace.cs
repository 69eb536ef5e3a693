using PassAtK.Engine.Execution;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Scheduling;

/// <summary>The scheduler's part of a trace: a step and what it consists of, and the counters. Does nothing without a tracer.</summary>
internal sealed class StepTrace(Tracer? tracer, EngineStatistics statistics)
{
    private readonly TraceTrack? _track = tracer?.Track(Tracer.SamplingTrack);
    private long _tokensBefore = statistics.SampledTokens;

    /// <summary>Where a span begins; 0 without a tracer.</summary>
    public long Now => _track?.Now ?? 0;

    public void End(SpanName name, long begin) => _track?.End(name, begin);

    /// <summary>Ends a step and tells the counters' values after it.</summary>
    public void EndStep(long begin, StepPlan plan, int branches, int cacheBlocks)
    {
        if (_track is null)
            return;
        var end = _track.End(SpanName.Step, begin, (int)Math.Min(statistics.Steps - 1, int.MaxValue));
        _track.Count(CounterName.Rows, end, plan.RowCount);
        _track.Count(CounterName.Tokens, end, statistics.SampledTokens - _tokensBefore);
        _track.Count(CounterName.Branches, end, branches);
        _track.Count(CounterName.CacheBlocks, end, cacheBlocks);
        _tokensBefore = statistics.SampledTokens;
    }
}
