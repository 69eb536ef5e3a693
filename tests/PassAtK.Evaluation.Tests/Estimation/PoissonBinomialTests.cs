using System.Numerics;
using CsCheck;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class PoissonBinomialTests
{
    // Certain and impossible trials, tiny probabilities and anything between, up to 12 of them.
    private static readonly Gen<double[]> Trials =
        Gen.OneOf(Gen.Double[0, 1], Gen.Const(0.0), Gen.Const(1.0), Gen.Double[-40, 0].Select(exponent => Math.Pow(10, exponent))).Array[0, 12];

    [Fact]
    public void Every_probability_is_the_sum_over_all_subsets() =>
        Trials.Sample(
            probabilities =>
            {
                var expected = new double[probabilities.Length + 1];
                for (var subset = 0; subset < 1 << probabilities.Length; subset++)
                {
                    expected[BitOperations.PopCount((uint)subset)] += probabilities
                        .Select((p, trial) => (subset >> trial & 1) == 1 ? p : 1 - p).Aggregate(1.0, (product, factor) => product * factor);
                }
                var distribution = PoissonBinomial.Of(probabilities);
                return distribution.Trials == probabilities.Length
                    && expected.Select((value, count) => Math.Abs(value - distribution[count]) <= 1e-13 * value).All(close => close)
                    && Enumerable.Range(0, expected.Length).All(count =>
                        Math.Abs(expected[count..].Sum() - distribution.AtLeast(count)) <= 1e-13 * expected[count..].Sum());
            },
            iter: 200, threads: 1);

    [Theory]
    [InlineData(200, 3, 10)]
    [InlineData(1_000, 1, 2)]
    [InlineData(300, 1, 1_000)]
    public void Equal_probabilities_give_the_binomial_distribution(int trials, int numerator, int denominator)
    {
        // C(n, s) a^s (b - a)^(n - s) / b^n in whole numbers.
        var distribution = PoissonBinomial.Of(Enumerable.Repeat((double)numerator / denominator, trials));
        var (choices, all) = (BigInteger.One, BigInteger.Pow(denominator, trials));
        for (var count = 0; count <= trials; count++)
        {
            var exact = choices * BigInteger.Pow(numerator, count) * BigInteger.Pow(denominator - numerator, trials - count);
            var expected = Math.Exp(BigInteger.Log(exact) - BigInteger.Log(all));
            if (expected > 1e-290)
                Assert.Equal(1, distribution[count] / expected, 1e-10);
            choices = choices * (trials - count) / (count + 1);
        }
        Assert.Equal((double)trials * numerator / denominator, distribution.Mean, 1e-9);
        foreach (var count in new[] { 1, trials / 3, trials / 2 })
            Assert.Equal(1 - BinomialTail.AtMost(count - 1, trials, (double)numerator / denominator), distribution.AtLeast(count), 1e-12);
    }

    [Fact]
    public void The_range_holds_at_least_what_it_says_and_no_end_of_it_can_be_dropped() =>
        Gen.Select(Trials, Gen.OneOf(Gen.Const(0.5), Gen.Const(0.95), Gen.Double[0.01, 0.999])).Sample(
            (probabilities, confidence) =>
            {
                var distribution = PoissonBinomial.Of(probabilities);
                var (low, high) = distribution.Range(confidence);
                double Mass(int from, int to) => Enumerable.Range(from, Math.Max(0, to - from + 1)).Sum(count => distribution[count]);
                const double Rounding = 1e-13;
                var tail = (1 - confidence) / 2;
                return low <= high && Mass(low, high) >= confidence - Rounding
                    && Mass(0, low - 1) <= tail + Rounding && Mass(high + 1, distribution.Trials) <= tail + Rounding
                    && (low == high || (Mass(0, low) > tail - Rounding && Mass(high, distribution.Trials) > tail - Rounding));
            },
            iter: 500, threads: 1);

    [Fact]
    public void Certain_trials_leave_no_doubt()
    {
        var distribution = PoissonBinomial.Of([1, 0, 1, 1, 0]);
        Assert.Equal((3.0, 1.0, 0.0, (3, 3)), (distribution.Mean, distribution.AtLeast(3), distribution.AtLeast(4), distribution.Range(0.95)));
        Assert.Equal((0.0, 1.0, 0.0, (0, 0)), (
            PoissonBinomial.Of([]).Mean, PoissonBinomial.Of([]).AtLeast(0), PoissonBinomial.Of([]).AtLeast(1), PoissonBinomial.Of([]).Range(0.95)));
    }

    [Fact]
    public void Thousands_of_trials_still_add_up_to_one_and_their_order_changes_no_bit()
    {
        var random = new Random(5);
        double[] probabilities = [.. Enumerable.Range(0, 4_000).Select(_ => random.NextDouble())];
        var distribution = PoissonBinomial.Of(probabilities);
        Assert.Equal(1, distribution.AtLeast(1), 1e-12);
        Assert.Equal(1, Enumerable.Range(0, 4_001).Sum(count => distribution[count]), 1e-12);
        Assert.Equal(distribution.Mean, Enumerable.Range(0, 4_001).Sum(count => count * distribution[count]), 1e-8);
        Array.Reverse(probabilities);
        Assert.Equal(distribution.AtLeast(2_100), PoissonBinomial.Of(probabilities).AtLeast(2_100));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void A_probability_outside_0_to_1_is_refused(double probability) =>
        Assert.StartsWith(
            "the probability of a trial is", Assert.Throws<InputException>(() => PoissonBinomial.Of([0.5, probability])).Message);
}
