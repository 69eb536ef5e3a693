using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class AttentionStructTests
{
    [Fact]
    public void Structs_lie_in_memory_as_the_kernels_declare_them()
    {
        Assert.Equal(32, Unsafe.SizeOf<AttentionItem>());
        Assert.Equal(8, Unsafe.SizeOf<AttentionRange>());
        Assert.Equal(12, Unsafe.SizeOf<AttentionMergeRow>());
        Assert.Equal(88, Unsafe.SizeOf<AttentionSegmentsParams>());
        Assert.Equal(56, Unsafe.SizeOf<AttentionMergeParams>());
    }

    [Fact]
    public void Fields_follow_one_another_in_the_kernels_order()
    {
        var item = new AttentionItem(1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], MemoryMarshal.Cast<AttentionItem, int>([item]));
        var row = new AttentionMergeRow(1, 2, 3);
        Assert.Equal([1, 2, 3], MemoryMarshal.Cast<AttentionMergeRow, int>([row]));
        Assert.Equal([1, 2], MemoryMarshal.Cast<AttentionRange, int>([new AttentionRange(1, 2)]));

        var segments = new AttentionSegmentsParams
        {
            Queries = new DevicePointer(1),
            Cache = new DevicePointer(2),
            Items = new DevicePointer(3),
            Range = new DevicePointer(4),
            Blocks = new DevicePointer(5),
            Positions = new DevicePointer(6),
            StateSums = new DevicePointer(7),
            StateOutputs = new DevicePointer(8),
            Output = new DevicePointer(9),
            Heads = 10,
            KeyValueHeads = 11,
            QueryStride = 12,
            Scale = 13,
        };
        var bytes = MemoryMarshal.AsBytes([segments]);
        Assert.Equal<ulong>([1, 2, 3, 4, 5, 6, 7, 8, 9], MemoryMarshal.Cast<byte, ulong>(bytes[..72]).ToArray());
        Assert.Equal([10, 11, 12], MemoryMarshal.Cast<byte, int>(bytes[72..84]));
        Assert.Equal(13, MemoryMarshal.Read<float>(bytes[84..]));

        var merge = new AttentionMergeParams
        {
            StateSums = new DevicePointer(1),
            StateOutputs = new DevicePointer(2),
            Rows = new DevicePointer(3),
            Slots = new DevicePointer(4),
            RowCount = new DevicePointer(5),
            Output = new DevicePointer(6),
            Heads = 7,
            OutputStride = 8,
        };
        bytes = MemoryMarshal.AsBytes([merge]);
        Assert.Equal<ulong>([1, 2, 3, 4, 5, 6], MemoryMarshal.Cast<byte, ulong>(bytes[..48]).ToArray());
        Assert.Equal([7, 8], MemoryMarshal.Cast<byte, int>(bytes[48..]));
    }
}
