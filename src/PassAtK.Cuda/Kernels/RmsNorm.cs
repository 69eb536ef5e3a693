using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/rms_norm.cu. Rows lie at <see cref="RowLayout.Stride"/> of <see cref="Hidden"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RmsNormParams
{
    /// <summary>F32 `[rows, hidden]`; written back where <see cref="Delta"/> is given and <see cref="SourceRows"/> is not.</summary>
    public DevicePointer Residual;

    /// <summary>Element `[rows, hidden]` to be added first, or null.</summary>
    public DevicePointer Delta;

    /// <summary>F32 `[hidden]`.</summary>
    public DevicePointer Weight;

    /// <summary>Element `[rows, hidden]`, written.</summary>
    public DevicePointer Output;

    /// <summary>int `[rows]`: the row of the residual stream that each output row normalises; or null, each its own.</summary>
    public DevicePointer SourceRows;

    /// <summary>One int: how many output rows there are.</summary>
    public DevicePointer RowCount;

    public int Hidden;
    public float Epsilon;
}

/// <summary>Adds a layer's result to the residual stream and normalises it, for rows of one width.</summary>
public sealed class RmsNorm
{
    /// <summary>Widest row: what 256 threads hold in registers.</summary>
    public const int MaxHidden = 256 * 8 * 8;

    private readonly CudaKernel _kernel;
    private readonly int _hidden;

    /// <exception cref="ArgumentOutOfRangeException">The width is not in 1..<see cref="MaxHidden"/>.</exception>
    public RmsNorm(KernelCompiler compiler, int hidden, bool elementF16)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hidden, MaxHidden);
        _hidden = hidden;
        // The order of the sum follows from these two, so nothing but the width may choose them.
        var vectors = RowLayout.Stride(hidden) / 8;
        var chunks = vectors <= 256 ? 1 : vectors <= 512 ? 2 : vectors <= 1024 ? 4 : 8;
        Threads = RowLayout.Tiles(RowLayout.Tiles(vectors, chunks), 32) * 32;
        _kernel = compiler.Load("rms_norm.cu", "rms_norm", RowLayout.Define(elementF16), $"CHUNKS={chunks}");
    }

    /// <summary>Threads a row.</summary>
    public int Threads { get; }

    /// <param name="parameters">See <see cref="RmsNormParams"/>.</param>
    /// <param name="maxRows">Rows launched for; the kernel skips those from the count in device memory on.</param>
    /// <param name="stream">Where it runs.</param>
    /// <exception cref="ArgumentException">The rows are not of the width that the kernel was made for.</exception>
    public void Launch(in RmsNormParams parameters, int maxRows, CudaStream stream)
    {
        if (parameters.Hidden != _hidden)
            throw new ArgumentException($"rms_norm: rows have {parameters.Hidden} values, expected {_hidden}.", nameof(parameters));
        if (maxRows > 0)
            _kernel.Launch(parameters, new Dim3(maxRows), new Dim3(Threads), 0, stream);
    }
}
