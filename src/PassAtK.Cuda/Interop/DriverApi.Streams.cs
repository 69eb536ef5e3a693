using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>The CUDA driver API: streams, events and graphs.</summary>
internal static partial class DriverApi
{
    /// <summary>CUDA_ERROR_NOT_READY: what a query answers while work is under way.</summary>
    public const int NotReady = 600;

    /// <summary>CU_STREAM_NON_BLOCKING: no implicit waits between this stream and the default one.</summary>
    public const uint StreamNonBlocking = 1;

    /// <summary>CU_EVENT_DISABLE_TIMING.</summary>
    public const uint EventDisableTiming = 2;

    /// <summary>CU_EVENT_RECORD_EXTERNAL: while capturing, a node that records whenever the graph comes to it.</summary>
    public const uint EventRecordExternal = 1;

    /// <summary>CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: other threads may go on using the device.</summary>
    public const int CaptureThreadLocal = 1;

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuStreamCreate")]
    public static partial int StreamCreate(out nint stream, uint flags);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuStreamDestroy_v2")]
    public static partial int StreamDestroy(nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuStreamSynchronize")]
    public static partial int StreamSynchronize(nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuStreamQuery")]
    public static partial int StreamQuery(nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuStreamWaitEvent")]
    public static partial int StreamWaitEvent(nint stream, nint signal, uint flags);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuStreamBeginCapture_v2")]
    public static partial int StreamBeginCapture(nint stream, int mode);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuStreamEndCapture")]
    public static partial int StreamEndCapture(nint stream, out nint graph);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuEventCreate")]
    public static partial int EventCreate(out nint signal, uint flags);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuEventDestroy_v2")]
    public static partial int EventDestroy(nint signal);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuEventRecord")]
    public static partial int EventRecord(nint signal, nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuEventRecordWithFlags")]
    public static partial int EventRecordWithFlags(nint signal, nint stream, uint flags);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuEventSynchronize")]
    public static partial int EventSynchronize(nint signal);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuEventQuery")]
    public static partial int EventQuery(nint signal);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuEventElapsedTime")]
    public static partial int EventElapsedTime(out float milliseconds, nint from, nint to);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuGraphInstantiateWithFlags")]
    public static partial int GraphInstantiate(out nint executable, nint graph, ulong flags);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuGraphLaunch")]
    public static partial int GraphLaunch(nint executable, nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuGraphExecDestroy")]
    public static partial int GraphExecutableDestroy(nint executable);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuGraphDestroy")]
    public static partial int GraphDestroy(nint graph);
}
