using System.Runtime.InteropServices;
using PassAtK.Engine.Execution;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>Structs of a step that travel to the device, or back, as they are.</summary>
public class StepStructTests
{
    [Fact]
    public void A_draw_lies_in_memory_as_the_sampler_writes_it()
    {
        NativeLayout.Assert<TokenDraw>(12);
        var bytes = MemoryMarshal.AsBytes([new TokenDraw(1, 2, 3)]);
        Assert.Equal(1, MemoryMarshal.Read<int>(bytes));
        Assert.Equal([2, 3], MemoryMarshal.Cast<byte, float>(bytes[4..]));
    }

    [Fact]
    public void A_block_to_copy_lies_in_memory_as_copy_blocks_reads_it()
    {
        NativeLayout.Assert<BlockCopy>(8);
        Assert.Equal([1, 2], MemoryMarshal.Cast<BlockCopy, int>([new BlockCopy(1, 2)]));
    }
}
