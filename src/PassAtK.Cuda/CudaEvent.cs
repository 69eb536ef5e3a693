using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>A point in a stream's work that the host or other streams wait for; with timing, one end of a measured span.</summary>
public sealed class CudaEvent : IDisposable
{
    private readonly CudaContext _context;
    private readonly nint _handle;
    private bool _disposed;

    public CudaEvent(CudaContext context, bool timing = false)
    {
        _context = context;
        context.Check(DriverApi.EventCreate(out _handle, timing ? 0 : DriverApi.EventDisableTiming), "cuEventCreate");
    }

    internal nint Handle => _handle;

    /// <summary>Marks the end of the work that the stream has been given so far.</summary>
    public void Record(CudaStream stream) => _context.Check(DriverApi.EventRecord(_handle, stream.Handle), "cuEventRecord");

    /// <summary>
    /// The same; but while the stream is captured it makes a node of the graph that marks its place each time the graph runs, for
    /// <see cref="Milliseconds"/>. The event must live as long as the graph.
    /// </summary>
    public void RecordEachRun(CudaStream stream)
    {
        if (_context.IsCapturing)
            _context.Check(DriverApi.EventRecordWithFlags(_handle, stream.Handle, DriverApi.EventRecordExternal), "cuEventRecordWithFlags");
        else
            Record(stream);
    }

    /// <summary>Waits until the marked work is done; at once where nothing was recorded.</summary>
    public void Synchronize() => _context.Check(DriverApi.EventSynchronize(_handle), "cuEventSynchronize");

    /// <summary>Whether the marked work is done.</summary>
    public bool IsDone
    {
        get
        {
            var result = DriverApi.EventQuery(_handle);
            if (result != DriverApi.NotReady)
                _context.Check(result, "cuEventQuery");
            return result == 0;
        }
    }

    /// <summary>The time between two events that were made with timing and are done.</summary>
    public static double Milliseconds(CudaEvent from, CudaEvent to)
    {
        from._context.Check(DriverApi.EventElapsedTime(out var milliseconds, from._handle, to._handle), "cuEventElapsedTime");
        return milliseconds;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _ = DriverApi.EventDestroy(_handle);
    }
}
