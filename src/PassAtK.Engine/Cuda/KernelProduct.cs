using PassAtK.Cuda;
using PassAtK.Cuda.Kernels;

namespace PassAtK.Engine.Cuda;

/// <summary>The project's own kernel (kernels/gemm.cu): needs nothing installed.</summary>
internal sealed class KernelProduct(KernelCompiler compiler, int multiprocessors, bool elementF16) : IMatrixProduct
{
    private readonly Gemm _toElement = new(compiler, multiprocessors, elementF16, outputF32: false);
    private readonly Gemm _toF32 = new(compiler, multiprocessors, elementF16, outputF32: true);

    public string Name => "gemm";

    public IEnumerable<string> Describe() => ["matrix products: kernels/gemm.cu for every weight"];

    public void Prepare(in DeviceProjection projection, bool toF32, int rows) =>
        (toF32 ? _toF32 : _toElement).Prepare(rows, projection.Outputs);

    public void Launch(
        in DeviceProjection projection, DevicePointer input, DevicePointer output, bool toF32, DevicePointer rowCount, int rows,
        CudaStream stream)
    {
        var parameters = new GemmParams
        {
            Input = input,
            Weight = projection.Weight,
            Bias = projection.Bias,
            Output = output,
            RowCount = rowCount,
            Outputs = projection.Outputs,
            Inputs = projection.Inputs,
            InputStride = projection.Inputs,
            OutputStride = projection.Outputs,
        };
        (toF32 ? _toF32 : _toElement).Launch(parameters, rows, stream);
    }

    public void Dispose()
    {
    }
}
