using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/silu_multiply.cu.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SiluMultiplyParams
{
    /// <summary>
    /// Element `[rows, 2 stride]`, stride being <see cref="RowLayout.Stride"/> of <see cref="Width"/>: the gate, then from stride on the up
    /// half.
    /// </summary>
    public DevicePointer GateUp;

    /// <summary>Element `[rows, width]` at that stride, written.</summary>
    public DevicePointer Output;

    /// <summary>One int: how many rows there are.</summary>
    public DevicePointer RowCount;

    public int Width;
    private readonly int _reserved;
}

/// <summary>The gated activation: SiLU of the gate times the up projection.</summary>
public sealed class SiluMultiply(KernelCompiler compiler, bool elementF16)
{
    private const int ValuesPerBlock = 1024;

    private readonly CudaKernel _kernel = compiler.Load("silu_multiply.cu", "silu_multiply", RowLayout.Define(elementF16));

    /// <param name="parameters">See <see cref="SiluMultiplyParams"/>.</param>
    /// <param name="maxRows">Rows launched for; the kernel skips those from the count in device memory on.</param>
    /// <param name="stream">Where it runs.</param>
    public void Launch(in SiluMultiplyParams parameters, int maxRows, CudaStream stream)
    {
        var blocks = checked(RowLayout.Tiles(RowLayout.Stride(parameters.Width), ValuesPerBlock) * maxRows);
        if (blocks > 0)
            _kernel.Launch(parameters, new Dim3(blocks), new Dim3(128), 0, stream);
    }
}
