using System.Runtime.InteropServices;
using System.Text;
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

    private static CudaLibrary Probe(string name, Func<CudaLibrary> probe)
    {
        try
        {
            return probe();
        }
        catch (EntryPointNotFoundException error)
        {
            return new CudaLibrary(name, null, $"too old: {error.Message}");
        }
    }

    private static CudaLibrary ProbeDriver(out IReadOnlyList<CudaDevice> devices)
    {
        const string name = "CUDA driver";
        devices = [];
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.Driver))
            return Missing(name, NativeLibraryResolver.Driver, "install the NVIDIA driver");
        var result = CudaNative.Init(0);
        if (result != 0)
            return new CudaLibrary(name, null, $"cuInit failed: {ErrorText(result)}");
        result = CudaNative.DriverGetVersion(out var version);
        if (result == 0)
            result = CudaNative.DeviceGetCount(out var count) is var counted && counted != 0 ? counted : ReadDevices(count, out devices);
        return result == 0
            ? new CudaLibrary(name, new Version(version / 1000, version % 1000 / 10), null)
            : new CudaLibrary(name, null, ErrorText(result));
    }

    private static int ReadDevices(int count, out IReadOnlyList<CudaDevice> devices)
    {
        var found = new List<CudaDevice>();
        devices = found;
        Span<byte> name = stackalloc byte[256];
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            int result;
            if ((result = CudaNative.DeviceGet(out var device, ordinal)) != 0
                || (result = CudaNative.DeviceGetName(name, name.Length, device)) != 0
                || (result = CudaNative.DeviceTotalMemory(out var bytes, device)) != 0
                || (result = CudaNative.DeviceGetAttribute(out var major, DeviceAttribute.ComputeCapabilityMajor, device)) != 0
                || (result = CudaNative.DeviceGetAttribute(out var minor, DeviceAttribute.ComputeCapabilityMinor, device)) != 0
                || (result = CudaNative.DeviceGetAttribute(out var processors, DeviceAttribute.MultiprocessorCount, device)) != 0)
            {
                return result;
            }
            var end = name.IndexOf((byte)0);
            var text = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
            found.Add(new CudaDevice(text, new Version(major, minor), processors, (long)bytes));
        }
        return 0;
    }

    private static CudaLibrary ProbeNvrtc()
    {
        const string name = "NVRTC";
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.Nvrtc))
            return Missing(name, NativeLibraryResolver.Nvrtc, "install the CUDA toolkit's runtime compiler");
        var result = CudaNative.NvrtcVersion(out var major, out var minor);
        return result == 0
            ? new CudaLibrary(name, new Version(major, minor), null)
            : new CudaLibrary(name, null, $"nvrtcVersion failed with {result}");
    }

    private static CudaLibrary ProbeCublasLt()
    {
        const string name = "cuBLASLt";
        if (!NativeLibraryResolver.TryLoad(NativeLibraryResolver.CublasLt))
            return Missing(name, NativeLibraryResolver.CublasLt, "install the CUDA toolkit's cuBLAS");
        // 120402 is 12.4.2 since version 11; the major number takes four digits before that.
        var version = (int)CudaNative.CublasLtGetVersion();
        return new CudaLibrary(name, new Version(version / 10000, version / 100 % 100, version % 100), null);
    }

    private static CudaLibrary Missing(string name, string library, string cure) => new(
        name, null, $"{string.Join(" and ", NativeLibraryResolver.FileNamesOf(library))} not found: {cure}, or name its folder in PASSATK_CUDA_LIBRARIES");

    private static string ErrorText(int result) =>
        CudaNative.GetErrorString(result, out var text) == 0 && Marshal.PtrToStringUTF8(text) is { } message
            ? $"{message} (CUresult {result})"
            : $"CUresult {result}";
}
