using CsCheck;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class PercentileTests
{
    [Fact]
    public void Percentiles_are_linear_between_order_statistics()
    {
        double[] values = [5, 1, 4, 2, 3];
        Assert.Equal((1.5, 4.5), Percentile.Interval(values, 0.75));
        Array.Sort(values);
        Assert.Equal(3, Percentile.OfSorted(values, 0.5));
        Assert.Equal(1, Percentile.OfSorted(values, 0));
        Assert.Equal(5, Percentile.OfSorted(values, 1));
    }

    [Fact]
    public void A_percentile_that_touches_infinity_is_infinite()
    {
        double[] values = [1, 2, double.PositiveInfinity, double.PositiveInfinity];
        Assert.Equal(2, Percentile.OfSorted(values, 1 / 3.0), 1e-12);
        Assert.Equal(double.PositiveInfinity, Percentile.OfSorted(values, 0.4));
        Assert.Equal(double.PositiveInfinity, Percentile.OfSorted(values, 0.9));
    }

    [Fact]
    public void A_percentile_is_selected_as_it_would_be_sorted() =>
        Gen.Select(Gen.OneOf(Gen.Double[0, 1], Gen.Int[0, 5].Select(i => (double)i), Gen.Const(double.PositiveInfinity)).Array[1, 60], Gen.Double[0, 1]).Sample(
            (values, fraction) =>
            {
                var sorted = values.Order().ToArray();
                foreach (var share in new[] { fraction, 0, 0.5, 1 })
                    Assert.Equal(Percentile.OfSorted(sorted, share), Percentile.Of(values, share));
                Assert.Equal(sorted, values.Order());
            },
            iter: 5_000, threads: 1);
}
