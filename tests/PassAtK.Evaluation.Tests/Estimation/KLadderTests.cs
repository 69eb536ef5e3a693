using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class KLadderTests
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1 2")]
    [InlineData(3, "1 2 3")]
    [InlineData(8, "1 2 4 8")]
    [InlineData(100, "1 2 4 8 16 32 64 100")]
    public void The_ladder_doubles_and_ends_at_the_largest_k(int largest, string expected) =>
        Assert.Equal(expected, string.Join(' ', KLadder.Doubling(largest)));

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(100)]
    [InlineData(1024)]
    [InlineData(int.MaxValue)]
    public void The_dense_ladder_ascends_through_every_rung_in_steps_of_at_most_a_sixteenth(int largest)
    {
        var dense = KLadder.Dense(largest);
        Assert.Equal(1, dense[0]);
        Assert.Equal(largest, dense[^1]);
        Assert.Empty(KLadder.Doubling(largest).Except(dense));
        for (var i = 1; i < dense.Length; i++)
            Assert.InRange((long)dense[i] - dense[i - 1], 1, Math.Max(1, dense[i - 1] / 16));
        Assert.True(dense.Length <= 32 + (16 * 27));
    }

    [Fact]
    public void A_ladder_needs_a_largest_k_of_at_least_1() =>
        Assert.Equal("the largest k is 0, expected at least 1.", Assert.Throws<InputException>(() => KLadder.Doubling(0)).Message);
}
