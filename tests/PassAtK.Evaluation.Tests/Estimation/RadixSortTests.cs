using CsCheck;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class RadixSortTests
{
    private static readonly double[] Extremes =
        [double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, -double.Epsilon];

    private static readonly Gen<double> Number = Gen.Frequency(
        (4, Gen.Double), (2, Gen.Double[0, 5]), (1, Gen.Int[-3, 3].Select(whole => (double)whole)),
        (1, Gen.Int[0, 4].Select(at => Extremes[at])));

    [Fact]
    public void Sorts_as_the_library_does() => Number.Where(number => !double.IsNaN(number)).Array[0, 300].Sample(
        numbers =>
        {
            double[] expected = [.. numbers.Order()];
            RadixSort.Sort(numbers);
            Assert.Equal(expected, numbers);
        },
        iter: 1_000, threads: 1);

    [Fact]
    public void Negative_zero_comes_before_zero()
    {
        double[] numbers = [0.0, -0.0, 0.0, -0.0];
        RadixSort.Sort(numbers);
        Assert.Equal([true, true, false, false], numbers.Select(double.IsNegative));
    }
}
