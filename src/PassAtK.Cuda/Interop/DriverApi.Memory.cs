using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>The CUDA driver API: memory. Device addresses are CUdeviceptr (64 bits), counts are bytes.</summary>
internal static unsafe partial class DriverApi
{
    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemAlloc_v2")]
    public static partial int MemoryAllocate(out ulong address, nuint bytes);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemFree_v2")]
    public static partial int MemoryFree(ulong address);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemAllocHost_v2")]
    public static partial int HostAllocate(out nint address, nuint bytes);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemFreeHost")]
    public static partial int HostFree(nint address);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemGetInfo_v2")]
    public static partial int MemoryGetInfo(out nuint free, out nuint total);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemcpyHtoD_v2")]
    public static partial int CopyHostToDevice(ulong to, void* from, nuint bytes);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemcpyDtoH_v2")]
    public static partial int CopyDeviceToHost(void* to, ulong from, nuint bytes);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    public static partial int CopyHostToDeviceAsync(ulong to, void* from, nuint bytes, nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    public static partial int CopyDeviceToHostAsync(void* to, ulong from, nuint bytes, nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemcpyDtoDAsync_v2")]
    public static partial int CopyDeviceToDeviceAsync(ulong to, ulong from, nuint bytes, nint stream);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuMemsetD8Async")]
    public static partial int FillBytesAsync(ulong to, byte value, nuint bytes, nint stream);
}
