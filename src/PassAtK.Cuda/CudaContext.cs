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

    /// <summary>The setting that makes <see cref="SynchronousLaunches"/> true.</summary>
    private const string SynchronousVariable = "PASSATK_CUDA_SYNC";

    private CudaContext(int ordinal)
    {
        DriverError.Check(DriverApi.DeviceGet(out _device, ordinal), $"cuDeviceGet({ordinal})");
        DriverError.Check(DeviceProperties.Read(_device, out var device), $"cuDeviceGetAttribute of device {ordinal}");
        Device = device!;
        RequireCapability(Device);
        DriverError.Check(DriverApi.DriverGetVersion(out var version), "cuDriverGetVersion");
        DriverVersion = new Version(version / 1000, version % 1000 / 10);
        MaxSharedBytesPerBlock = Attribute(DeviceAttribute.MaxSharedBytesPerBlockOptIn);
        DriverError.Check(DriverApi.PrimaryContextRetain(out _handle, _device), $"cuDevicePrimaryCtxRetain of {Device.Name}");
        MakeCurrent();
    }

    /// <summary>Opens a device by its number in the driver's order and makes its context current.</summary>
    /// <exception cref="CudaException">No driver, no such device, one before compute capability 8.0, or the device refuses.</exception>
    public static CudaContext Create(int ordinal = 0)
    {
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.Driver))
            throw new CudaException($"{NativeLibraryResolver.MissingText(NativeLibraryResolver.Driver, "install the NVIDIA driver")}.");
        DriverError.Check(DriverApi.Init(0), "cuInit");
        return new CudaContext(ordinal);
    }

    /// <summary>What the kernels' instructions need: asynchronous copies, and matrix products in BF16.</summary>
    public static Version LeastComputeCapability { get; } = new(8, 0);

    public CudaDevice Device { get; }

    /// <summary>The CUDA version that the driver is of, e.g. 12.4.</summary>
    public Version DriverVersion { get; }

    /// <summary>
    /// Whether every launch is waited for, so that a fault is told with its own kernel: PASSATK_CUDA_SYNC=1. Slow; who captures graphs
    /// launches directly instead.
    /// </summary>
    public bool SynchronousLaunches { get; internal set; } = Environment.GetEnvironmentVariable(SynchronousVariable) == "1";

    /// <summary>
    /// What NVRTC compiles for: sm_80, or sm_90a where the architecture has features of its own (compute capability 9 and above).
    /// </summary>
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
        var last = "";
        if (DriverError.IsFault(result) && !SynchronousLaunches && !_history.IsEmpty)
            last = $" Launched last, newest first: {_history}. With {SynchronousVariable}=1 every launch is waited for and the kernel at fault is named.";
        return new CudaException($"{call} failed: {DriverError.Text(result)}.{last}");
    }

    /// <summary>
    /// Notes a launch; where launches are synchronous, waits for it and returns its CUresult. One that a capture records has not run.
    /// </summary>
    internal int Launched(string name, CudaStream stream)
    {
        if (IsCapturing)
            return 0;
        _history.Add(name);
        return SynchronousLaunches ? DriverApi.StreamSynchronize(stream.Handle) : 0;
    }

    internal static void RequireCapability(CudaDevice device)
    {
        if (device.ComputeCapability < LeastComputeCapability)
        {
            throw new CudaException(
                $"{device.Name} has compute capability {device.ComputeCapability}, at least {LeastComputeCapability} is needed.");
        }
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
