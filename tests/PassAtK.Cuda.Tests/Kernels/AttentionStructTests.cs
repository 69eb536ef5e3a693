using System.Runtime.InteropServices;
using PassAtK.Cuda.Kernels;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Kernels;

public class AttentionStructTests
{
    [Fact]
    public void Work_lies_in_memory_as_the_kernels_declare_it()
    {
        NativeLayout.Assert<AttentionItem>(32);
        NativeLayout.Assert<AttentionRange>(8);
        NativeLayout.Assert<AttentionMergeRow>(12);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], MemoryMarshal.Cast<AttentionItem, int>([new AttentionItem(1, 2, 3, 4, 5, 6, 7, 8)]));
        Assert.Equal([1, 2], MemoryMarshal.Cast<AttentionRange, int>([new AttentionRange(1, 2)]));
        Assert.Equal([1, 2, 3], MemoryMarshal.Cast<AttentionMergeRow, int>([new AttentionMergeRow(1, 2, 3)]));
    }

    [Fact]
    public void Attention_segments_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<AttentionSegmentsParams>(
            88,
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Queries), 0),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Cache), 8),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Items), 16),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Range), 24),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Blocks), 32),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Positions), 40),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.StateSums), 48),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.StateOutputs), 56),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Output), 64),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Heads), 72),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.KeyValueHeads), 76),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.QueryStride), 80),
            ((ref AttentionSegmentsParams p) => ref NativeLayout.At(ref p.Scale), 84));

    [Fact]
    public void Attention_merge_parameters_lie_as_in_the_kernel() =>
        NativeLayout.Assert<AttentionMergeParams>(
            56,
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.StateSums), 0),
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.StateOutputs), 8),
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.Rows), 16),
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.Slots), 24),
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.RowCount), 32),
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.Output), 40),
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.Heads), 48),
            ((ref AttentionMergeParams p) => ref NativeLayout.At(ref p.OutputStride), 52));
}
