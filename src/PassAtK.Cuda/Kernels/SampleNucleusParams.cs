using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/sample_nucleus_scan.cu and sample_nucleus_draw.cu (64 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SampleNucleusParams
{
    /// <summary>`[rows, row stride]`: F32, or BF16 where the kernels were made for it; 16-byte aligned.</summary>
    public DevicePointer Logits;

    /// <summary>`[rows]` of <see cref="SampleNucleusRow"/>.</summary>
    public DevicePointer Rows;

    /// <summary>`[draws]` of int: sample indices, or the tokens to score.</summary>
    public DevicePointer Samples;

    /// <summary>`[draws]` of (int token, float logprob, float filtered logprob); token -1 and NaN where a row is not finite.</summary>
    public DevicePointer Draws;

    /// <summary>Scratch of <see cref="SampleNucleus.WorkspaceFloats"/> floats, 16-byte aligned.</summary>
    public DevicePointer Workspace;

    /// <summary>One int: rows that exist.</summary>
    public DevicePointer RowCount;

    /// <summary>Elements from one row to the next: at least the vocabulary's size, a multiple of 4.</summary>
    public long RowStride;

    /// <summary>Logits of a row, 1 to 262,144.</summary>
    public int Vocabulary;

    /// <summary>Chunks of a row; set by <see cref="SampleNucleus.Launch"/>.</summary>
    public int Chunks;
}
