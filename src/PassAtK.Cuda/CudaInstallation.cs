using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>A CUDA device as the driver describes it.</summary>
public sealed record CudaDevice(string Name, Version ComputeCapability, int Multiprocessors, long MemoryBytes);

/// <summary>One library of the CUDA stack: its version, or why it cannot be used.</summary>
public sealed record CudaLibrary(string Name, Version? Version, string? Problem);

/// <summary>What this machine offers of CUDA. Probing never throws: what is missing is said in <see cref="CudaLibrary.Problem"/>.</summary>
public sealed record CudaInstallation(CudaLibrary Driver, CudaLibrary Nvrtc, CudaLibrary CublasLt, IReadOnlyList<CudaDevice> Devices)
{
    public static CudaInstallation Probe()
    {
        IReadOnlyList<CudaDevice> devices = [];
        var driver = Probe("CUDA driver", () => ProbeDriver(out devices));
        return new CudaInstallation(driver, Probe("NVRTC", ProbeNvrtc), Probe("cuBLASLt", ProbeCublasLt), devices);
    }

    internal static CudaLibrary Probe(string name, Func<CudaLibrary> probe)
    {
        try
        {
            return probe();
        }
        catch (EntryPointNotFoundException error)
        {
            return new CudaLibrary(name, null, $"too old: {error.Message}");
        }
        catch (CudaException error)
        {
            return new CudaLibrary(name, null, error.Message);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A library that cannot be opened or asked is one that is not there, in words.
            return new CudaLibrary(name, null, $"unusable: {error.Message}");
        }
    }

    private static CudaLibrary ProbeDriver(out IReadOnlyList<CudaDevice> devices)
    {
        const string name = "CUDA driver";
        devices = [];
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.Driver))
            return Missing(name, NativeLibraryResolver.Driver, "install the NVIDIA driver");
        var result = DriverApi.Init(0);
        if (result != 0)
            return new CudaLibrary(name, null, $"cuInit failed: {DriverError.Text(result)}");
        result = DriverApi.DriverGetVersion(out var version);
        if (result == 0)
            result = DriverApi.DeviceGetCount(out var count) is var counted && counted != 0 ? counted : ReadDevices(count, out devices);
        return result == 0
            ? new CudaLibrary(name, new Version(version / 1000, version % 1000 / 10), null)
            : new CudaLibrary(name, null, DriverError.Text(result));
    }

    private static int ReadDevices(int count, out IReadOnlyList<CudaDevice> devices)
    {
        var found = new List<CudaDevice>();
        devices = found;
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            int result;
            if ((result = DriverApi.DeviceGet(out var device, ordinal)) != 0
                || (result = DeviceProperties.Read(device, out var properties)) != 0)
            {
                return result;
            }
            found.Add(properties!);
        }
        return 0;
    }

    private static CudaLibrary ProbeNvrtc()
    {
        const string name = "NVRTC";
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.Nvrtc))
            return Missing(name, NativeLibraryResolver.Nvrtc, "install the CUDA toolkit's runtime compiler");
        return new CudaLibrary(name, PassAtK.Cuda.Nvrtc.Default.Version, null);
    }

    private static CudaLibrary ProbeCublasLt()
    {
        const string name = "cuBLASLt";
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.CublasLt))
            return Missing(name, NativeLibraryResolver.CublasLt, "install the CUDA toolkit's cuBLAS");
        // 120402 is 12.4.2 since version 11; the major number takes four digits before that.
        var version = (int)CublasLtApi.GetVersion();
        return new CudaLibrary(name, new Version(version / 10000, version / 100 % 100, version % 100), null);
    }

    private static CudaLibrary Missing(string name, string library, string cure) =>
        new(name, null, NativeLibraryResolver.MissingText(library, cure));
}
