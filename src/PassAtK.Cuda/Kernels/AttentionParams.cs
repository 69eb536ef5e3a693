using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>Parameters of kernels/attention_segments.cu, whose contract gives shapes and layouts.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AttentionSegmentsParams
{
    /// <summary>Element `[rows, QueryStride]`: the rotated queries.</summary>
    public DevicePointer Queries;

    /// <summary>Element `[block][2][kv heads][16][head dimension]`: one layer's keys and values.</summary>
    public DevicePointer Cache;

    /// <summary><see cref="AttentionItem"/>s of all levels.</summary>
    public DevicePointer Items;

    /// <summary>One <see cref="AttentionRange"/>: the items of this launch.</summary>
    public DevicePointer Range;

    /// <summary>int: the block numbers that items refer to.</summary>
    public DevicePointer Blocks;

    /// <summary>int `[rows]`.</summary>
    public DevicePointer Positions;

    /// <summary>(float, float) `[slots, heads]`.</summary>
    public DevicePointer StateSums;

    /// <summary>float `[slots, heads, head dimension]`.</summary>
    public DevicePointer StateOutputs;

    /// <summary>Element `[rows, heads * head dimension]`.</summary>
    public DevicePointer Output;

    /// <summary>Filled in by <see cref="AttentionKernels"/>.</summary>
    public int Heads;

    /// <summary>Filled in by <see cref="AttentionKernels"/>.</summary>
    public int KeyValueHeads;

    /// <summary>Elements from one row's queries to the next row's.</summary>
    public int QueryStride;

    /// <summary>log2(e) / sqrt(head dimension); filled in by <see cref="AttentionKernels"/>.</summary>
    public float Scale;
}

/// <summary>Parameters of kernels/attention_merge.cu, whose contract gives shapes and layouts.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AttentionMergeParams
{
    /// <summary>(float, float) `[slots, heads]`.</summary>
    public DevicePointer StateSums;

    /// <summary>float `[slots, heads, head dimension]`.</summary>
    public DevicePointer StateOutputs;

    /// <summary><see cref="AttentionMergeRow"/>s.</summary>
    public DevicePointer Rows;

    /// <summary>int: the slots that the rows refer to.</summary>
    public DevicePointer Slots;

    /// <summary>One int: how many rows to merge.</summary>
    public DevicePointer RowCount;

    /// <summary>Element `[rows, OutputStride]`.</summary>
    public DevicePointer Output;

    /// <summary>Filled in by <see cref="AttentionKernels"/>.</summary>
    public int Heads;

    /// <summary>heads * head dimension; filled in by <see cref="AttentionKernels"/>.</summary>
    public int OutputStride;
}
