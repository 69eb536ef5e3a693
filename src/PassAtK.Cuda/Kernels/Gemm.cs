using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/gemm.cu.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct GemmParams
{
    /// <summary>Element `[rows, inputs]` at <see cref="InputStride"/>.</summary>
    public DevicePointer Input;

    /// <summary>Element `[outputs, inputs]`, without gaps.</summary>
    public DevicePointer Weight;

    /// <summary>F32 `[outputs]`, or null.</summary>
    public DevicePointer Bias;

    /// <summary>Element or F32 `[rows, outputs]` at <see cref="OutputStride"/>, written.</summary>
    public DevicePointer Output;

    /// <summary>One int: how many rows there are.</summary>
    public DevicePointer RowCount;

    public int Outputs;

    /// <summary>A multiple of 8.</summary>
    public int Inputs;

    /// <summary>Elements from a row of the input to the next: a multiple of 8.</summary>
    public int InputStride;

    /// <summary>Elements from a row of the output to the next: a multiple of 8.</summary>
    public int OutputStride;
}

/// <summary>Products with weights on tensor cores: output = input weight^T + bias. A row's result depends on nothing but the row.</summary>
/// <param name="compiler">Compiles the tiles as they are first wanted.</param>
/// <param name="multiprocessors">Of the device.</param>
/// <param name="elementF16">Elements are F16, not BF16.</param>
/// <param name="outputF32">The output is F32, not Element.</param>
public sealed class Gemm(KernelCompiler compiler, int multiprocessors, bool elementF16, bool outputF32)
{
    private readonly Dictionary<GemmTile, CudaKernel> _kernels = [];

    /// <summary>
    /// Compiles and loads what <see cref="Launch(in GemmParams, int, CudaStream)"/> will take, so that a graph can be captured.
    /// </summary>
    public void Prepare(int maxRows, int outputs) => _ = KernelOf(GemmTile.Choose(maxRows, outputs, multiprocessors));

    /// <param name="parameters">See <see cref="GemmParams"/>.</param>
    /// <param name="maxRows">Rows launched for; the kernel skips those from the count in device memory on.</param>
    /// <param name="stream">Where it runs.</param>
    /// <exception cref="ArgumentException">Rows are not whole 16-byte words, or shorter than what is in them.</exception>
    public void Launch(in GemmParams parameters, int maxRows, CudaStream stream) =>
        Launch(parameters, maxRows, GemmTile.Choose(maxRows, parameters.Outputs, multiprocessors), stream);

    /// <summary>The same with a tile of the caller's choice.</summary>
    public void Launch(in GemmParams parameters, int maxRows, GemmTile tile, CudaStream stream)
    {
        Check(parameters);
        var blocks = tile.Blocks(maxRows, parameters.Outputs);
        if (blocks > 0)
            KernelOf(tile).Launch(parameters, new Dim3(blocks), new Dim3(tile.Threads), tile.SharedBytes, stream);
    }

    private CudaKernel KernelOf(GemmTile tile)
    {
        if (!_kernels.TryGetValue(tile, out var kernel))
        {
            kernel = compiler.Load(
                "gemm.cu",
                "gemm_bf16",
                RowLayout.Define(elementF16),
                outputF32 ? "OUTPUT_F32=1" : "OUTPUT_F32=0",
                $"TILE_ROWS={tile.Rows}",
                $"TILE_OUTPUTS={tile.Outputs}");
            _kernels.Add(tile, kernel);
        }
        return kernel;
    }

    private static void Check(in GemmParams p)
    {
        if (p.Inputs % 8 != 0 || p.InputStride % 8 != 0 || p.OutputStride % 8 != 0)
        {
            throw new ArgumentException(
                $"gemm_bf16: inputs {p.Inputs}, input stride {p.InputStride} and output stride {p.OutputStride} must be multiples of 8.", nameof(p));
        }
        if (p.InputStride < p.Inputs || p.OutputStride < p.Outputs)
        {
            throw new ArgumentException(
                $"gemm_bf16: rows of {p.Inputs} inputs and {p.Outputs} outputs do not fit strides of {p.InputStride} and {p.OutputStride}.", nameof(p));
        }
    }
}
