using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>The entry points that tell what a machine offers: CUDA driver API, NVRTC, cuBLASLt. Results are CUresult and nvrtcResult.</summary>
internal static partial class CudaNative
{
    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuInit")]
    public static partial int Init(uint flags);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDriverGetVersion")]
    public static partial int DriverGetVersion(out int version);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDeviceGetCount")]
    public static partial int DeviceGetCount(out int count);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDeviceGet")]
    public static partial int DeviceGet(out int device, int ordinal);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDeviceGetName")]
    public static partial int DeviceGetName(Span<byte> name, int length, int device);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDeviceTotalMem_v2")]
    public static partial int DeviceTotalMemory(out nuint bytes, int device);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDeviceGetAttribute")]
    public static partial int DeviceGetAttribute(out int value, DeviceAttribute attribute, int device);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuGetErrorString")]
    public static partial int GetErrorString(int result, out nint text);

    [LibraryImport(NativeLibraryResolver.Nvrtc, EntryPoint = "nvrtcVersion")]
    public static partial int NvrtcVersion(out int major, out int minor);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtGetVersion")]
    public static partial nuint CublasLtGetVersion();
}

/// <summary>CUdevice_attribute.</summary>
internal enum DeviceAttribute
{
    MultiprocessorCount = 16,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
}
