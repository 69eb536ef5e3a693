using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/copy_blocks.cu.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CopyBlocksParams
{
    /// <summary>The KV cache: Element `[layer][block][block elements]`.</summary>
    public DevicePointer Cache;

    /// <summary>Pairs of int, source and destination. No destination is a source or twice a destination.</summary>
    public DevicePointer Copies;

    /// <summary>One int: how many copies there are.</summary>
    public DevicePointer CopyCount;

    /// <summary>Elements from a layer to the next.</summary>
    public long LayerStride;

    /// <summary>Elements of a block of one layer: a multiple of 8.</summary>
    public int BlockElements;

    public int Layers;
}

/// <summary>Copy on write in the paged KV cache, all layers at once.</summary>
public sealed class CopyBlocks(KernelCompiler compiler, int multiprocessors)
{
    private readonly CudaKernel _kernel = compiler.Load("copy_blocks.cu", "copy_blocks", RowLayout.Define(elementF16: false));

    /// <param name="parameters">See <see cref="CopyBlocksParams"/>.</param>
    /// <param name="stream">Where it runs.</param>
    /// <exception cref="ArgumentException">A block is not a whole number of 16-byte words.</exception>
    public void Launch(in CopyBlocksParams parameters, CudaStream stream)
    {
        if (parameters.BlockElements % 8 != 0 || parameters.LayerStride % 8 != 0)
        {
            throw new ArgumentException(
                $"copy_blocks: a block has {parameters.BlockElements} elements and a layer {parameters.LayerStride}, expected multiples of 8.",
                nameof(parameters));
        }
        _kernel.Launch(parameters, new Dim3(4 * multiprocessors), new Dim3(256), 0, stream);
    }
}
