using System.Diagnostics;
using System.Text.Json;
using PassAtK.Engine.Tracing;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tracing;

public sealed class TracerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_span_and_counter_of_every_track_is_in_the_file_to_the_nanosecond()
    {
        var random = new Random(1);
        var path = _folder.File("trace.json");
        var start = Stopwatch.GetTimestamp();
        var tracer = Tracer.ToFile(path);
        var spans = new List<(string Track, SpanName Name, long Nanoseconds, int Detail)>();
        var counters = new List<(CounterName Name, long Value)>();
        string[] names = ["sampling", "a \"quoted\" one", "Größe"];
        for (var index = 0; index < 3000; index++)
        {
            var track = tracer.Track(names[random.Next(names.Length)]);
            var begin = start + random.NextInt64(1L << 34);
            var duration = random.NextInt64(1L << random.Next(1, 40));
            var name = (SpanName)random.Next(Enum.GetValues<SpanName>().Length);
            var detail = random.Next(-1, 1000);
            track.Add(name, begin, begin + duration, detail);
            spans.Add((track.Name, name, (long)(duration * (1e9 / Stopwatch.Frequency)), detail));
            var counter = (CounterName)random.Next(Enum.GetValues<CounterName>().Length);
            track.Count(counter, begin, duration);
            counters.Add((counter, duration));
        }
        tracer.Finish();
        Assert.Equal(0, tracer.Dropped);

        var events = TraceEvents.Read(path);
        Assert.Equal(
            spans.Order(), events.Spans.Select(span => (span.Track, span.Name, span.Nanoseconds, span.Detail)).Order());
        Assert.Equal(counters.Order(), events.Counters.Order());
        foreach (var name in Enum.GetValues<SpanName>())
        {
            var same = spans.Where(span => span.Name == name).ToArray();
            Assert.Equal(same.Length, tracer.Total(name).Count);
            Assert.Equal(same.Sum(span => (double)span.Nanoseconds) / 1e9, tracer.Total(name).Seconds, 1e-6);
        }
    }

    [Fact]
    public void What_a_killed_process_leaves_lacks_only_the_closing_bracket()
    {
        var path = _folder.File("trace.json");
        using var tracer = Tracer.ToFile(path);
        var track = tracer.Track("sampling");
        for (var index = 0; index < 100; index++)
            track.End(SpanName.Step, track.Now, index);
        // The file's thread comes by while the tracer is in use.
        string left;
        do
        {
            Thread.Sleep(5);
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            left = reader.ReadToEnd();
        }
        while (!left.Contains("\"step\":99}", StringComparison.Ordinal));
        Assert.EndsWith("}", left, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(left + "]");
        Assert.Equal(100 + 2, document.RootElement.GetArrayLength());
    }

    [Fact]
    public void A_ring_that_is_full_drops_and_counts_and_keeps_what_came_first()
    {
        var track = new TraceTrack("sampling", keepsRecords: true);
        const int Surplus = 10;
        for (var index = 0; index < TraceTrack.Capacity + Surplus; index++)
            track.Add(SpanName.Step, index, index + 1, index);
        Assert.Equal(Surplus, track.Dropped);
        Assert.Equal(TraceTrack.Capacity + Surplus, track.Total(SpanName.Step).Count);
        for (var index = 0; index < TraceTrack.Capacity; index++)
        {
            Assert.True(track.TryTake(out var record));
            Assert.Equal(index, record.Detail);
        }
        Assert.False(track.TryTake(out _));
        track.Add(SpanName.Plan, 5, 6);
        Assert.True(track.TryTake(out var last));
        Assert.Equal(new TraceRecord(5, 1, -1, (byte)SpanName.Plan, false), last);
    }

    [Fact]
    public void Writing_to_a_track_allocates_nothing()
    {
        using var tracer = Tracer.ToFile(_folder.File("trace.json"));
        var track = tracer.Track("sampling");
        track.End(SpanName.Step, track.Now, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 1000; index++)
        {
            var now = track.End(SpanName.Norm, track.Now, index);
            track.Count(CounterName.Rows, now, index);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_refused_at_once()
    {
        var error = Assert.Throws<InputException>(() => Tracer.ToFile(_folder.File("absent/trace.json")));
        Assert.StartsWith("The trace ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_told_at_the_end_and_stops_nothing_before()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("needs /dev/full");
        using var tracer = Tracer.ToFile("/dev/full");
        var track = tracer.Track("sampling");
        for (var index = 0; index < 2 * TraceTrack.Capacity; index++)
            track.End(SpanName.Step, track.Now, index);
        var error = Assert.Throws<InputException>(tracer.Finish);
        Assert.Contains("/dev/full is not complete", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_texts_of_spans_and_counters_correspond()
    {
        string[] spans = [.. Enum.GetValues<SpanName>().Select(TraceNames.Text)];
        Assert.Equal(spans.Length, spans.Distinct().Count());
        Assert.Equal("attention output", TraceNames.Text(SpanName.AttentionOutput));
        Assert.Equal("sampling", TraceNames.Text(SpanName.Sampling));
        Assert.Equal("grade", TraceNames.Text(SpanName.Grade));
        Assert.Equal("cache blocks", TraceNames.Text(CounterName.CacheBlocks));
    }
}
