using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Interop;

/// <summary>cuBLASLt, as cublasLt.h of CUDA 12 and 13 declares it. Functions return a cublasStatus_t, 0 for success.</summary>
internal static unsafe partial class CublasLtApi
{
    // cublasStatus_t.
    public const int InvalidValue = 7;
    public const int ArchMismatch = 8;
    public const int MappingError = 11;
    public const int ExecutionFailed = 13;
    public const int InternalError = 14;
    public const int NotSupported = 15;

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtGetVersion")]
    public static partial nuint GetVersion();

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtGetStatusString")]
    public static partial nint GetStatusString(int status);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtCreate")]
    public static partial int Create(out nint handle);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtDestroy")]
    public static partial int Destroy(nint handle);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulDescCreate")]
    public static partial int MatmulDescCreate(out nint description, int computeType, CublasDataType scaleType);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulDescDestroy")]
    public static partial int MatmulDescDestroy(nint description);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulDescSetAttribute")]
    public static partial int MatmulDescSetAttribute(nint description, CublasLtMatmulAttribute attribute, void* value, nuint bytes);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatrixLayoutCreate")]
    public static partial int MatrixLayoutCreate(out nint layout, CublasDataType type, ulong rows, ulong columns, long leadingDimension);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatrixLayoutDestroy")]
    public static partial int MatrixLayoutDestroy(nint layout);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulPreferenceCreate")]
    public static partial int PreferenceCreate(out nint preference);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulPreferenceDestroy")]
    public static partial int PreferenceDestroy(nint preference);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulPreferenceSetAttribute")]
    public static partial int PreferenceSetAttribute(nint preference, CublasLtPreferenceAttribute attribute, void* value, nuint bytes);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulAlgoGetHeuristic")]
    public static partial int AlgorithmGetHeuristic(
        nint handle, nint description, nint a, nint b, nint c, nint d, nint preference, int requested, CublasLtHeuristicResult* results,
        out int returned);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulAlgoCheck")]
    public static partial int AlgorithmCheck(
        nint handle, nint description, nint a, nint b, nint c, nint d, in CublasLtAlgorithm algorithm, out CublasLtHeuristicResult result);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmulAlgoConfigGetAttribute")]
    public static partial int AlgorithmGetAttribute(
        in CublasLtAlgorithm algorithm, CublasLtAlgorithmAttribute attribute, void* value, nuint bytes, out nuint written);

    [LibraryImport(NativeLibraryResolver.CublasLt, EntryPoint = "cublasLtMatmul")]
    public static partial int Matmul(
        nint handle, nint description, void* alpha, ulong a, nint aLayout, ulong b, nint bLayout, void* beta, ulong c, nint cLayout,
        ulong d, nint dLayout, in CublasLtAlgorithm algorithm, ulong workspace, nuint workspaceBytes, nint stream);
}

/// <summary>cudaDataType_t.</summary>
internal enum CublasDataType
{
    F32 = 0,
    F16 = 2,
    BF16 = 14,
}

/// <summary>cublasLtMatmulDescAttributes_t.</summary>
internal enum CublasLtMatmulAttribute
{
    TransposeA = 3,
    Epilogue = 7,
    BiasPointer = 8,
}

/// <summary>cublasLtMatmulPreferenceAttributes_t.</summary>
internal enum CublasLtPreferenceAttribute
{
    MaxWorkspaceBytes = 1,
    ReductionSchemeMask = 3,
}

/// <summary>cublasLtMatmulAlgoConfigAttributes_t. Values are 32 bits; the last two 16.</summary>
internal enum CublasLtAlgorithmAttribute
{
    Id = 0,
    Tile = 1,
    SplitK = 2,
    ReductionScheme = 3,
    Swizzle = 4,
    CustomOption = 5,
    Stages = 6,
    InnerShape = 7,
    ClusterShape = 8,
}

/// <summary>cublasLtMatmulAlgo_t: 64 opaque bytes that may be copied and kept for the same version of the library.</summary>
[InlineArray(8)]
internal struct CublasLtAlgorithm
{
    private ulong _first;
}

/// <summary>cublasLtMatmulHeuristicResult_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CublasLtHeuristicResult
{
    public CublasLtAlgorithm Algorithm;
    public nuint WorkspaceBytes;

    /// <summary>cublasStatus_t: the other fields are valid where it is 0.</summary>
    public int Status;

    public float Waves;
    public Reserved4 Reserved;

    [InlineArray(4)]
    public struct Reserved4
    {
        private int _first;
    }
}
