using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/gather_embedding.cu. Rows lie at <see cref="RowLayout.Stride"/> of <see cref="Hidden"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct GatherEmbeddingParams
{
    /// <summary>Element `[vocabulary, hidden]`.</summary>
    public DevicePointer Embedding;

    /// <summary>int `[rows]`: a token id, or ~slot for the token drawn in that slot of <see cref="Previous"/>.</summary>
    public DevicePointer Tokens;

    /// <summary>
    /// Draws (token, log-probability, filtered log-probability; 12 bytes) of the step before; read only where a token asks for it.
    /// </summary>
    public DevicePointer Previous;

    /// <summary>F32 `[rows, hidden]`, written.</summary>
    public DevicePointer Residual;

    /// <summary>One int: how many rows there are.</summary>
    public DevicePointer RowCount;

    public int Hidden;
    public int Vocabulary;
}

/// <summary>The residual stream's first rows: each row its token's embedding, in F32.</summary>
public sealed class GatherEmbedding(KernelCompiler compiler, bool elementF16)
{
    private readonly CudaKernel _kernel = compiler.Load("gather_embedding.cu", "gather_embedding", RowLayout.Define(elementF16));

    /// <param name="parameters">See <see cref="GatherEmbeddingParams"/>.</param>
    /// <param name="maxRows">Rows launched for; the kernel skips those from the count in device memory on.</param>
    /// <param name="stream">Where it runs.</param>
    public void Launch(in GatherEmbeddingParams parameters, int maxRows, CudaStream stream)
    {
        if (maxRows > 0)
            _kernel.Launch(parameters, new Dim3(maxRows), new Dim3(128), 0, stream);
    }
}
