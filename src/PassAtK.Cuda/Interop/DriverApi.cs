using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>
/// The CUDA driver API: devices, contexts, errors. Functions return a CUresult; export names carry the version that cuda.h maps to.
/// </summary>
internal static partial class DriverApi
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

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuGetErrorName")]
    public static partial int GetErrorName(int result, out nint name);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuGetErrorString")]
    public static partial int GetErrorString(int result, out nint text);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDevicePrimaryCtxRetain")]
    public static partial int PrimaryContextRetain(out nint context, int device);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial int PrimaryContextRelease(int device);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuCtxSetCurrent")]
    public static partial int ContextSetCurrent(nint context);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuCtxSynchronize")]
    public static partial int ContextSynchronize();
}

/// <summary>CUdevice_attribute.</summary>
internal enum DeviceAttribute
{
    MultiprocessorCount = 16,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    MaxSharedBytesPerBlockOptIn = 97,
}
