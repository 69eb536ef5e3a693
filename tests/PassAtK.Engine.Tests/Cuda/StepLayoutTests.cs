using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Cuda;

namespace PassAtK.Engine.Tests.Cuda;

public class StepLayoutTests
{
    [Fact]
    public void Arrays_lie_apart_and_aligned()
    {
        var sizes = Sizes(samples: 1000, blocks: 3);
        var layout = new StepLayout(sizes);
        var memory = new byte[layout.Size];
        foreach (var array in Enum.GetValues<StepArray>())
        {
            Assert.Equal(0, layout.Offset(array) % 64);
            foreach (ref var place in layout.In<byte>(memory, array))
                Assert.Equal(0, place++);
        }
        Assert.DoesNotContain((byte)0, memory);
        Assert.True(layout.In<int>(memory, StepArray.Samples).Length >= 1000);
        Assert.Equal(layout.Size - 64 + (3 * sizeof(int)), layout.Used(sizes));
    }

    [Fact]
    public void Rooms_fit_smaller_steps_and_all_that_came_before()
    {
        var rooms = new StepRooms(16, blockCount: 1000);
        var first = rooms.LayoutFor(Sizes(samples: 10, blocks: 10));
        Assert.True(first.Fits(Sizes(samples: 64, blocks: 16 * 64)));
        Assert.False(first.Fits(Sizes(samples: 300, blocks: 10)));
        Assert.True(rooms.LayoutFor(Sizes(samples: 300, blocks: 10)).Fits(Sizes(samples: 1024, blocks: 16 * 64)));
        var last = rooms.LayoutFor(Sizes(samples: 1, blocks: 5000));
        Assert.True(last.Fits(Sizes(samples: 1024, blocks: 8192)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(1024)]
    public void Rooms_grow_a_few_times_however_far_a_step_grows(int rows)
    {
        var rooms = new StepRooms(rows, blockCount: int.MaxValue);
        var layout = rooms.LayoutFor(Sizes(1, 1));
        var layouts = 1;
        for (var positions = 16L; positions <= 131_072; positions += 16)
        {
            var sizes = Sizes(rows, rows * (positions / 16));
            sizes.Set<AttentionItem>(StepArray.AttentionItems, rows * ((positions / 1024) + 1));
            sizes.Set<int>(StepArray.MergeSlots, rows * ((positions / 1024) + 1));
            if (layout.Fits(sizes))
                continue;
            layout = rooms.LayoutFor(sizes);
            Assert.True(layout.Fits(sizes));
            layouts++;
        }
        Assert.InRange(layouts, 1, 11);
    }

    private static StepSizes Sizes(long samples, long blocks)
    {
        var sizes = default(StepSizes);
        sizes.Set<int>(StepArray.Tokens, 5);
        sizes.Set<int>(StepArray.Samples, samples);
        sizes.Set<int>(StepArray.AttentionBlocks, blocks);
        return sizes;
    }
}
