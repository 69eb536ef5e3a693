using System.Runtime.InteropServices;
using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>cuBLASLt on a device: its handle, and a workspace that the products of one stream share.</summary>
public sealed class CublasLt : IDisposable
{
    private const long Workspace = 32L << 20;

    private readonly CudaDeviceVariable<byte> _workspace;
    private nint _handle;

    /// <exception cref="CudaException">The library is missing or refuses the device.</exception>
    public CublasLt(CudaContext context)
    {
        if (!IsAvailable)
            throw new CudaException($"{NativeLibraryResolver.MissingText(NativeLibraryResolver.CublasLt, "install the CUDA toolkit's cuBLAS")}.");
        Context = context;
        Check(CublasLtApi.Create(out _handle), "cublasLtCreate");
        _workspace = new CudaDeviceVariable<byte>(context, Workspace);
    }

    /// <summary>Whether the library is there; callers choose another product and say so where it is not.</summary>
    public static bool IsAvailable => NativeLibraryResolver.TryLoad(NativeLibraryResolver.CublasLt);

    /// <summary>As the library numbers itself, e.g. 120402 for 12.4.2.</summary>
    public static long Version => (long)CublasLtApi.GetVersion();

    internal CudaContext Context { get; }

    internal nint Handle => _handle;

    internal DevicePointer WorkspacePointer => _workspace.Pointer;

    internal long WorkspaceBytes => _workspace.SizeInBytes;

    internal static void Check(int status, string call)
    {
        if (status != 0)
            throw new CudaException($"{call} failed: {Marshal.PtrToStringUTF8(CublasLtApi.GetStatusString(status))} (cublasStatus_t {status}).");
    }

    public void Dispose()
    {
        if (_handle == 0)
            return;
        _ = CublasLtApi.Destroy(_handle);
        _handle = 0;
        _workspace.Dispose();
    }
}
