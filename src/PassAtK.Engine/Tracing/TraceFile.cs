using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PassAtK.Engine.Tracing;

/// <summary>
/// A trace in the JSON Array Format of Chrome's trace viewer, which Perfetto reads: an event a line, times in microseconds from the
/// file's beginning. A thread of its own empties the tracks' rings twenty times a second and writes whole events, so what a killed
/// process leaves lacks at most the closing bracket, which readers do without, and the last twentieth of a second.
/// Source: "Trace Event Format", Google, the sections JSON Array Format, Complete Events, Counter Events and Metadata Events.
/// </summary>
internal sealed class TraceFile : IDisposable
{
    private const int LongestEvent = 512;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly Lock _adding = new();
    private readonly ManualResetEventSlim _ending = new();
    private readonly Thread _thread;
    private readonly byte[][] _spans = [.. Enum.GetValues<SpanName>().Select(SpanHead)];
    private readonly byte[][] _details = [.. Enum.GetValues<SpanName>().Select(DetailHead)];
    private readonly byte[][] _counters = [.. Enum.GetValues<CounterName>().Select(CounterHead)];
    private TraceTrack[] _tracks = [];
    private int _named;
    private int _length;
    private IOException? _failure;
    private bool _finished;

    private TraceFile(string path, FileStream stream)
    {
        _path = path;
        _stream = stream;
        Put("[\n"u8);
        Put("""{"name":"process_name","ph":"M","pid":1,"tid":0,"args":{"name":"passatk"}}"""u8);
        _thread = new Thread(Work) { Name = "trace writer", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <exception cref="InputException">It cannot be written.</exception>
    public static TraceFile Create(string path)
    {
        try
        {
            return new TraceFile(path, new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The trace {path} cannot be written: {error.Message}", error);
        }
    }

    public void Add(TraceTrack track)
    {
        lock (_adding)
            _tracks = [.. _tracks, track];
    }

    /// <summary>Writes what is left and closes the array.</summary>
    /// <exception cref="InputException">Writing failed, now or before.</exception>
    public void Finish()
    {
        if (!_finished)
        {
            _finished = true;
            _ending.Set();
            _thread.Join();
            _stream.Dispose();
        }
        if (_failure is { } failure)
            throw new InputException($"The trace {_path} is not complete: {failure.Message}", failure);
    }

    public void Dispose()
    {
        try
        {
            Finish();
        }
        catch (InputException)
        {
            // Whoever wants to know calls Finish; here another error may be on its way.
        }
        _ending.Dispose();
    }

    private void Work()
    {
        try
        {
            while (!_ending.Wait(Interval))
                Drain();
            Drain();
            Put("\n]\n"u8);
            Flush();
        }
        catch (IOException failure)
        {
            _failure = failure;
        }
    }

    private void Drain()
    {
        var tracks = Volatile.Read(ref _tracks);
        for (; _named < tracks.Length; _named++)
            PutName(_named + 1, tracks[_named].Name);
        for (var index = 0; index < tracks.Length; index++)
        {
            // What comes meanwhile waits for the next round, so that no track starves the others.
            for (var most = TraceTrack.Capacity; most > 0 && tracks[index].TryTake(out var record); most--)
                PutRecord(index + 1, record);
        }
        Flush();
    }

    private void PutRecord(int thread, in TraceRecord record)
    {
        if (_buffer.Length - _length < LongestEvent)
            Flush();
        Put(record.IsCounter ? _counters[record.Name] : _spans[record.Name]);
        PutMicroseconds(record.Begin - _start);
        if (record.IsCounter)
        {
            Put(""","args":{"value":"""u8);
            Put(record.Value);
            Put("}}"u8);
            return;
        }
        Put(""","dur":"""u8);
        PutMicroseconds(record.Value);
        Put(""","tid":"""u8);
        Put(thread);
        if (record.Detail >= 0)
        {
            Put(_details[record.Name]);
            Put(record.Detail);
            Put("}"u8);
        }
        Put("}"u8);
    }

    private void PutName(int thread, string name) => Put(Encoding.UTF8.GetBytes(
        $$$""",{{{'\n'}}}{"name":"thread_name","ph":"M","pid":1,"tid":{{{thread}}},"args":{"name":"{{{JsonEncodedText.Encode(name)}}}"}}"""));

    private static byte[] SpanHead(SpanName name) =>
        Encoding.UTF8.GetBytes($$""",{{'\n'}}{"name":"{{TraceNames.Text(name)}}","ph":"X","pid":1,"ts":""");

    private static byte[] DetailHead(SpanName name) => Encoding.UTF8.GetBytes($$""","args":{"{{TraceNames.Detail(name)}}":""");

    private static byte[] CounterHead(CounterName name) =>
        Encoding.UTF8.GetBytes($$""",{{'\n'}}{"name":"{{TraceNames.Text(name)}}","ph":"C","pid":1,"tid":0,"ts":""");

    /// <summary>Microseconds with three decimals: nanoseconds.</summary>
    private void PutMicroseconds(long ticks)
    {
        var nanoseconds = Stopwatch.Frequency == 1_000_000_000
            ? Math.Max(0, ticks)
            : (long)(Math.Max(0, ticks) * (1e9 / Stopwatch.Frequency));
        Put(nanoseconds / 1000);
        Put("."u8);
        Utf8Formatter.TryFormat(nanoseconds % 1000, _buffer.AsSpan(_length), out var written, new System.Buffers.StandardFormat('D', 3));
        _length += written;
    }

    private void Put(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out var written);
        _length += written;
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        if (_buffer.Length - _length < text.Length)
            Flush();
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private void Flush()
    {
        _stream.Write(_buffer, 0, _length);
        _length = 0;
    }
}
