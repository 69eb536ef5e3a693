using System.Diagnostics;

namespace PassAtK.Engine.Tracing;

/// <summary>
/// The spans of one thread (or of a device) in the order in which they ended. Writing to it takes some nanoseconds, waits for nothing and
/// allocates nothing: records go into a ring that a <see cref="TraceFile"/> empties beside, and are dropped and counted where it has
/// fallen a whole ring behind. Sums by name are kept in any case. One thread writes, another may read.
/// </summary>
public sealed class TraceTrack
{
    /// <summary>1.5 MiB; the file's thread comes by many times before it is full.</summary>
    internal const int Capacity = 1 << 16;

    private readonly TraceRecord[]? _ring;
    private readonly long[] _ticks = new long[TraceNames.SpanCount];
    private readonly long[] _counts = new long[TraceNames.SpanCount];
    private long _written;
    private long _read;

    /// <param name="name">What a viewer calls it.</param>
    /// <param name="keepsRecords">False where only the sums are wanted.</param>
    internal TraceTrack(string name, bool keepsRecords)
    {
        Name = name;
        _ring = keepsRecords ? new TraceRecord[Capacity] : null;
    }

    public string Name { get; }

    /// <summary>Records that found the ring full.</summary>
    public long Dropped { get; private set; }

    /// <summary>The time, where a span may begin.</summary>
#pragma warning disable CA1822 // Asked of a track, so that there is no time taken where there is none.
    public long Now => Stopwatch.GetTimestamp();
#pragma warning restore CA1822

    /// <summary>Ends a span now. Returns its end, where the next may begin.</summary>
    public long End(SpanName name, long begin, int detail = -1)
    {
        var end = Stopwatch.GetTimestamp();
        Add(name, begin, end, detail);
        return end;
    }

    public void Add(SpanName name, long begin, long end, int detail = -1)
    {
        _ticks[(int)name] += end - begin;
        _counts[(int)name]++;
        Write(new TraceRecord(begin, end - begin, detail, (byte)name, false));
    }

    public void Count(CounterName name, long time, long value) => Write(new TraceRecord(time, value, -1, (byte)name, true));

    /// <summary>Time and number of the spans of a name so far.</summary>
    internal SpanTotal Total(SpanName name) => new(_counts[(int)name], _ticks[(int)name]);

    /// <summary>Takes the oldest record not yet taken. Call from one thread.</summary>
    internal bool TryTake(out TraceRecord record)
    {
        record = default;
        if (_read == Volatile.Read(ref _written))
            return false;
        record = _ring![_read % Capacity];
        // Only now may the place be written again.
        Volatile.Write(ref _read, _read + 1);
        return true;
    }

    private void Write(in TraceRecord record)
    {
        if (_ring is null)
            return;
        if (_written - Volatile.Read(ref _read) == Capacity)
        {
            Dropped++;
            return;
        }
        _ring[_written % Capacity] = record;
        Volatile.Write(ref _written, _written + 1);
    }
}

/// <summary>How many spans there were and the ticks of all of them together.</summary>
public readonly record struct SpanTotal(long Count, long Ticks)
{
    public double Seconds => (double)Ticks / Stopwatch.Frequency;
}
