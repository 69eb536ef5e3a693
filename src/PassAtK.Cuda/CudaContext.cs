using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>
/// A device's primary context, retained until disposed. One thread uses it: the one that created it, or that called
/// <see cref="MakeCurrent"/> last. What was made from it is disposed before it.
/// </summary>
public sealed class CudaContext : IDisposable
{
    private readonly int _device;
    private readonly nint _handle;
    private readonly LaunchHistory _history = new();
    private bool _disposed;

    private CudaContext(int ordinal)
    {
        DriverError.Check(DriverApi.DeviceGet(out _device, ordinal), $"cuDeviceGet({ordinal})");
        DriverError.Check(DeviceProperties.Read(_device, out var device), $"cuDeviceGetAttribute of device {ordinal}");
        Device = device!;
        MaxSharedBytesPerBlock = Attribute(DeviceAttribute.MaxSharedBytesPerBlockOptIn);
        DriverError.Check(DriverApi.PrimaryContextRetain(out _handle, _device), $"cuDevicePrimaryCtxRetain of {Device.Name}");
        MakeCurrent();
    }

    /// <summary>Opens a device by its number in the driver's order and makes its context current.</summary>
    /// <exception cref="CudaException">No driver, no such device, or the device refuses.</exception>
    public static CudaContext Create(int ordinal = 0)
    {
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.Driver))
            throw new CudaException($"{NativeLibraryResolver.MissingText(NativeLibraryResolver.Driver, "install the NVIDIA driver")}.");
        DriverError.Check(DriverApi.Init(0), "cuInit");
        return new CudaContext(ordinal);
    }

    public CudaDevice Device { get; }

    /// <summary>What NVRTC compiles for: sm_80, or sm_90a where the architecture has features of its own (compute capability 9 and above).</summary>
    public string Architecture =>
        $"sm_{Device.ComputeCapability.Major}{Device.ComputeCapability.Minor}{(Device.ComputeCapability.Major >= 9 ? "a" : "")}";

    public int Multiprocessors => Device.Multiprocessors;

    /// <summary>Static and dynamic shared memory that a block can have at most.</summary>
    public int MaxSharedBytesPerBlock { get; }

    /// <summary>Whether kernels run on the tests' SIMT device instead of a GPU.</summary>
    public bool IsSimt => Device.Name.Contains("SIMT", StringComparison.Ordinal);

    /// <summary>Gives the context to the calling thread.</summary>
    public void MakeCurrent() => Check(DriverApi.ContextSetCurrent(_handle), "cuCtxSetCurrent");

    /// <summary>Waits for everything that was launched.</summary>
    public void Synchronize() => Check(DriverApi.ContextSynchronize(), "cuCtxSynchronize");

    /// <summary>Device memory in bytes.</summary>
    public (long Free, long Total) Memory()
    {
        Check(DriverApi.MemoryGetInfo(out var free, out var total), "cuMemGetInfo");
        return ((long)free, (long)total);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _ = DriverApi.PrimaryContextRelease(_device);
    }

    /// <summary>The graph being captured, while one is.</summary>
    internal bool IsCapturing { get; set; }

    internal LaunchHistory History => _history;

    /// <summary>Throws where the call failed; a fault of earlier work is told with the kernels that were launched last.</summary>
    internal void Check(int result, string call)
    {
        if (result != 0)
            throw Failure(result, call);
    }

    internal CudaException Failure(int result, string call)
    {
        var last = DriverError.IsFault(result) && !_history.IsEmpty ? $" Launched last, newest first: {_history}." : "";
        return new CudaException($"{call} failed: {DriverError.Text(result)}.{last}");
    }

    internal void RefuseWhileCapturing(string what)
    {
        if (IsCapturing)
            throw new CudaException($"{what} while a graph is being captured: make it before the capture.");
    }

    private int Attribute(DeviceAttribute attribute)
    {
        DriverError.Check(DriverApi.DeviceGetAttribute(out var value, attribute, _device), $"cuDeviceGetAttribute({attribute})");
        return value;
    }
}
