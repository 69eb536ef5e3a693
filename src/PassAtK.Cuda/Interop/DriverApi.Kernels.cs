using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>The CUDA driver API: modules, functions and launches.</summary>
internal static unsafe partial class DriverApi
{
    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuModuleLoadData")]
    public static partial int ModuleLoadData(out nint module, void* image);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuModuleUnload")]
    public static partial int ModuleUnload(nint module);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuFuncGetAttribute")]
    public static partial int FunctionGetAttribute(out int value, FunctionAttribute attribute, nint function);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuFuncSetAttribute")]
    public static partial int FunctionSetAttribute(nint function, FunctionAttribute attribute, int value);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuOccupancyMaxActiveBlocksPerMultiprocessor")]
    public static partial int OccupancyMaxActiveBlocks(out int blocks, nint function, int threads, nuint dynamicSharedBytes);

    [LibraryImport(NativeLibraryResolver.Driver, EntryPoint = "cuLaunchKernel")]
    public static partial int LaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint dynamicSharedBytes, nint stream,
        void** parameters, void** extra);
}

/// <summary>CUfunction_attribute.</summary>
internal enum FunctionAttribute
{
    SharedBytes = 1,
    MaxDynamicSharedBytes = 8,
    PreferredSharedMemoryCarveout = 9,
}
