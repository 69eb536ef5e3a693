using PassAtK.Engine.Cuda;

namespace PassAtK.Engine.Tests.Cuda;

public class StepLayoutTests
{
    [Fact]
    public void Arrays_lie_apart_and_aligned()
    {
        var layout = new StepLayout(Sizes(rows: 5, samples: 1000), null);
        var memory = new byte[layout.Size];
        foreach (var array in Enum.GetValues<StepArray>())
        {
            Assert.Equal(0, layout.Offset(array) % 64);
            foreach (ref var place in layout.In<byte>(memory, array))
                Assert.Equal(0, place++);
        }
        Assert.DoesNotContain((byte)0, memory);
        Assert.True(layout.In<int>(memory, StepArray.Samples).Length >= 1000);
    }

    [Fact]
    public void A_layout_fits_smaller_steps_and_its_successor_what_both_needed()
    {
        var first = new StepLayout(Sizes(rows: 100, samples: 10), null);
        Assert.True(first.Fits(Sizes(rows: 80, samples: 12)));
        Assert.False(first.Fits(Sizes(rows: 80, samples: 300)));
        var second = new StepLayout(Sizes(rows: 80, samples: 300), first);
        Assert.True(second.Fits(Sizes(rows: 100, samples: 300)));
    }

    private static StepSizes Sizes(int rows, int samples)
    {
        var sizes = default(StepSizes);
        sizes.Set<int>(StepArray.Tokens, rows);
        sizes.Set<int>(StepArray.Samples, samples);
        return sizes;
    }
}
