using System.Text.Json;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Tests.Tracing;

/// <summary>A span as a trace file tells it; detail -1 where it has none.</summary>
internal sealed record TraceSpan(string Track, SpanName Name, long Begin, long Nanoseconds, int Detail)
{
    public long End => Begin + Nanoseconds;
}

/// <summary>A trace file read back by the rules of the format.</summary>
internal sealed record TraceEvents(IReadOnlyList<TraceSpan> Spans, IReadOnlyList<(CounterName Name, long Value)> Counters)
{
    public static TraceEvents Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement[] events = [.. document.RootElement.EnumerateArray()];
        var tracks = events.Where(item => Text(item, "name") == "thread_name")
            .ToDictionary(item => item.GetProperty("tid").GetInt32(), item => Text(item.GetProperty("args"), "name"));
        return new TraceEvents(
            [.. events.Where(item => Text(item, "ph") == "X").Select(item => Span(item, tracks))],
            [.. events.Where(item => Text(item, "ph") == "C").Select(item => (
                Enum.GetValues<CounterName>().Single(name => TraceNames.Text(name) == Text(item, "name")),
                item.GetProperty("args").GetProperty("value").GetInt64()))]);
    }

    public IEnumerable<TraceSpan> Of(SpanName name) => Spans.Where(span => span.Name == name);

    private static TraceSpan Span(JsonElement item, Dictionary<int, string> tracks)
    {
        var name = Enum.GetValues<SpanName>().Single(name => TraceNames.Text(name) == Text(item, "name"));
        var detail = item.TryGetProperty("args", out var args) ? args.GetProperty(TraceNames.Detail(name)).GetInt32() : -1;
        return new TraceSpan(tracks[item.GetProperty("tid").GetInt32()], name, Nanoseconds(item, "ts"), Nanoseconds(item, "dur"), detail);
    }

    private static long Nanoseconds(JsonElement item, string name) => (long)(1000 * item.GetProperty(name).GetDecimal());

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;
}
