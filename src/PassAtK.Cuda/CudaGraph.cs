using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>
/// Launches and copies that were recorded once and run again as a whole, with the pointers and sizes they were recorded with.
/// </summary>
public sealed class CudaGraph : IDisposable
{
    private readonly CudaContext _context;
    private readonly nint _executable;
    private readonly string _name;
    private bool _disposed;

    private CudaGraph(CudaContext context, nint executable, string name) =>
        (_context, _executable, _name) = (context, executable, name);

    /// <summary>
    /// Records what `record` gives to the stream, without running it. Nothing may be allocated, loaded or waited for meanwhile.
    /// </summary>
    public static CudaGraph Capture(CudaStream stream, Action record) => Capture(stream, "a captured graph", record);

    /// <summary>The same with a name, under which errors speak of the graph's launches: "a step of 64 rows".</summary>
    public static CudaGraph Capture(CudaStream stream, string name, Action record)
    {
        var context = stream.Context;
        context.RefuseWhileCapturing("Another graph cannot be captured");
        context.Check(DriverApi.StreamBeginCapture(stream.Handle, DriverApi.CaptureThreadLocal), "cuStreamBeginCapture");
        context.IsCapturing = true;
        var ended = -1;
        nint graph = 0;
        try
        {
            record();
            ended = DriverApi.StreamEndCapture(stream.Handle, out graph);
            context.Check(ended, "cuStreamEndCapture");
            context.Check(DriverApi.GraphInstantiate(out var executable, graph, 0), "cuGraphInstantiateWithFlags");
            return new CudaGraph(context, executable, name);
        }
        finally
        {
            context.IsCapturing = false;
            if (ended == -1)
                _ = DriverApi.StreamEndCapture(stream.Handle, out graph);
            if (graph != 0)
                _ = DriverApi.GraphDestroy(graph);
        }
    }

    /// <summary>Runs the recorded work in stream order.</summary>
    public void Launch(CudaStream stream)
    {
        var result = DriverApi.GraphLaunch(_executable, stream.Handle);
        if (result == 0)
            result = _context.Launched(_name, stream);
        if (result != 0)
            throw _context.Failure(result, $"cuGraphLaunch of {_name}");
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _ = DriverApi.GraphExecutableDestroy(_executable);
    }
}
