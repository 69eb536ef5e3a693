namespace PassAtK.Engine.Tracing;

/// <summary>
/// Where the parts of the program say what they spend their time on: sums by name, and with a file every span. Who has none measures
/// nothing. Safe for use by several threads, each with tracks of its own.
/// </summary>
public sealed class Tracer : IDisposable
{
    /// <summary>The track of the thread that samples: scheduler and CPU backend write to it.</summary>
    public const string SamplingTrack = "sampling";

    private readonly Lock _adding = new();
    private readonly TraceFile? _file;
    private TraceTrack[] _tracks = [];

    /// <summary>Keeps sums only.</summary>
    public Tracer()
    {
    }

    private Tracer(TraceFile file) => _file = file;

    /// <summary>Whether each worker of the CPU backend has a track of its own.</summary>
    public bool ShowsWorkers { get; init; }

    /// <summary>Records that came faster than the file took them.</summary>
    public long Dropped => _tracks.Sum(track => track.Dropped);

    /// <summary>Writes every span to a file, which is made anew.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static Tracer ToFile(string path, bool showsWorkers = false) => new(TraceFile.Create(path)) { ShowsWorkers = showsWorkers };

    /// <summary>A track of that name: the one there is, else a new one. Two threads share none at a time.</summary>
    public TraceTrack Track(string name)
    {
        lock (_adding)
        {
            if (_tracks.FirstOrDefault(track => track.Name == name) is { } there)
                return there;
            var added = new TraceTrack(name, _file is not null);
            _tracks = [.. _tracks, added];
            _file?.Add(added);
            return added;
        }
    }

    /// <summary>Over all tracks; what other threads are adding just now may be in it or not.</summary>
    public SpanTotal Total(SpanName name)
    {
        var (count, ticks) = (0L, 0L);
        foreach (var track in _tracks)
        {
            var total = track.Total(name);
            count += total.Count;
            ticks += total.Ticks;
        }
        return new SpanTotal(count, ticks);
    }

    /// <summary>Writes what is left and ends the file.</summary>
    /// <exception cref="InputException">The disk is full or fails; what was traced until then is in the file.</exception>
    public void Finish() => _file?.Finish();

    public void Dispose() => _file?.Dispose();
}
