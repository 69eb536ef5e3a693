using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class IntervalTailsTests
{
    // Published tables: Abramowitz and Stegun, table 26.10 (t) and 26.1 (normal).
    [Theory]
    [InlineData(1, 0.025, 12.706)]
    [InlineData(2, 0.025, 4.303)]
    [InlineData(9, 0.025, 2.262)]
    [InlineData(29, 0.05, 1.699)]
    [InlineData(30, 0.025, 2.042)]
    [InlineData(120, 0.005, 2.617)]
    public void Quantiles_of_t_are_those_of_published_tables(int degrees, double tail, double quantile) =>
        Assert.Equal(quantile, IntervalTails.StudentQuantile(degrees, tail), 5e-4);

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.30853753872598690)]
    [InlineData(1, 0.15865525393145705)]
    [InlineData(1.96, 0.024997895148220435)]
    [InlineData(3, 0.0013498980316300946)]
    [InlineData(5, 2.8665157187919333e-7)]
    [InlineData(7, 0)]
    public void Normal_tails_are_those_of_published_tables(double z, double tail) =>
        Assert.Equal(tail, IntervalTails.NormalTail(z), 1e-15);

    [Fact]
    public void Many_problems_take_the_tails_as_they_are_and_few_take_wider_ones()
    {
        Assert.Equal(0.025, IntervalTails.Share(1_000_000, 0.95), 1e-6);
        Assert.Equal(0.0204, IntervalTails.Share(30, 0.95), 1e-4);
        Assert.True(IntervalTails.Share(2, 0.95) < 1e-9);
    }
}
