using PassAtK.Cuda;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Cuda;

/// <summary>What one launch of a marked step is, in a trace.</summary>
internal readonly record struct LaunchMark(SpanName Name, int Detail);

/// <summary>
/// Device events between the launches of a step, as nodes of its graph, so that a marked step runs as any other does and a span holds what
/// the device took and no wait for the host. One step in <see cref="Interval"/> is marked: a mark takes the device about a microsecond,
/// and steps are much alike. As many marks serve every step, since no two marked ones are in flight.
/// </summary>
internal sealed class LaunchMarks(CudaContext context, CudaStream stream, TraceTrack track) : IDisposable
{
    /// <summary>More than the steps in flight.</summary>
    public const int Interval = 16;

    private readonly List<CudaEvent> _events = [];
    private List<LaunchMark> _marks = [];

    /// <summary>Begins a marked step; what it consists of is added to <paramref name="marks"/>.</summary>
    public void Begin(List<LaunchMark> marks)
    {
        marks.Clear();
        _marks = marks;
        Record(0);
    }

    /// <summary>Marks the end of a launch.</summary>
    public void End(SpanName name, int detail)
    {
        _marks.Add(new LaunchMark(name, detail));
        Record(_marks.Count);
    }

    /// <summary>
    /// Takes the spans of a step that is done. The device has a clock of its own: the last launch is taken to have ended just now, when
    /// the host learnt of it.
    /// </summary>
    /// <param name="marks">What the step consisted of.</param>
    /// <param name="rows">Its rows.</param>
    public void Read(List<LaunchMark> marks, int rows)
    {
        var now = track.Now;
        var ticksPerMillisecond = System.Diagnostics.Stopwatch.Frequency / 1e3;
        var total = Ticks(marks.Count);
        var begin = now - total;
        var before = 0L;
        for (var index = 0; index < marks.Count; index++)
        {
            var after = Math.Max(before, Ticks(index + 1));
            track.Add(marks[index].Name, begin + before, begin + after, marks[index].Detail);
            before = after;
        }
        track.Add(SpanName.Compute, begin, now, rows);

        long Ticks(int mark) => (long)(CudaEvent.Milliseconds(_events[0], _events[mark]) * ticksPerMillisecond);
    }

    public void Dispose()
    {
        foreach (var mark in _events)
            mark.Dispose();
    }

    private void Record(int mark)
    {
        if (mark == _events.Count)
            _events.Add(new CudaEvent(context, timing: true));
        _events[mark].RecordEachRun(stream);
    }
}
