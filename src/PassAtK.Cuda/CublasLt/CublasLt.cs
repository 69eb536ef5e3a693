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
            throw new CudaException(
                $"{NativeLibraryResolver.MissingText(NativeLibraryResolver.CublasLt, "install the CUDA toolkit's cuBLAS")}.");
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

    /// <summary>
    /// Whether a status speaks of one algorithm, another of which may serve; short memory and a broken handle do not.
    /// </summary>
    internal static bool IsRefusal(int status) => status is CublasLtApi.InvalidValue or CublasLtApi.ArchMismatch or CublasLtApi.MappingError
        or CublasLtApi.ExecutionFailed or CublasLtApi.InternalError or CublasLtApi.NotSupported;

    /// <summary>For calls that do not touch the device.</summary>
    internal static void Check(int status, string call)
    {
        if (status != 0)
            throw new CudaException(Text(status, call));
    }

    /// <summary>For calls that may find the device at fault.</summary>
    internal void CheckCall(int status, string call)
    {
        if (status != 0)
            throw Failure(status, call);
    }

    /// <summary>The failure of a call; the device's fault that such a status may stand for goes before it.</summary>
    internal CudaException Failure(int status, string call)
    {
        if (status is CublasLtApi.ExecutionFailed or CublasLtApi.InternalError && !Context.IsCapturing)
        {
            var result = DriverApi.ContextSynchronize();
            if (result != 0)
                return Context.Failure(result, call);
        }
        return new CudaException(Text(status, call));
    }

    /// <summary>
    /// output = input weight^T + bias at `rows` rows. Returns the status of the call; throws where launches are waited for and it fails.
    /// </summary>
    internal unsafe int Multiply(
        ProductDescription product, ProductAlgorithm algorithm, DevicePointer weight, DevicePointer input, DevicePointer output, int rows,
        CudaStream stream)
    {
        float one = 1, zero = 0;
        var (inputLayout, outputLayout) = product.Layouts(rows);
        var status = CublasLtApi.Matmul(
            Handle, product.Operation, &one, weight.Address, product.Weight, input.Address, inputLayout, &zero, output.Address, outputLayout,
            output.Address, outputLayout, algorithm.Native, WorkspacePointer.Address, (nuint)WorkspaceBytes, stream.Handle);
        if (status == 0)
            Context.Check(Context.Launched("cublasLtMatmul", stream), "cublasLtMatmul");
        return status;
    }

    private static string Text(int status, string call) =>
        $"{call} failed: {Marshal.PtrToStringUTF8(CublasLtApi.GetStatusString(status))} (cublasStatus_t {status}).";

    public void Dispose()
    {
        if (_handle == 0)
            return;
        _ = CublasLtApi.Destroy(_handle);
        _handle = 0;
        _workspace.Dispose();
    }
}
