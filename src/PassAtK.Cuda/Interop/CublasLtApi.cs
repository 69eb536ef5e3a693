using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>cuBLASLt. Functions return a cublasStatus_t, 0 for success.</summary>
internal static unsafe partial class CublasLtApi
{
    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtGetVersion")]
    public static partial nuint GetVersion();
}
