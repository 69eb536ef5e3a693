using CsCheck;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class ExponentialWeightsTests
{
    [Fact]
    public void The_logarithm_is_that_of_the_library_to_the_last_digits() =>
        Gen.Double[-700, 700].Sample(
            exponent =>
            {
                var value = Math.Exp(exponent);
                Assert.Equal(Math.Log(value), ExponentialWeights.Log(value), 4e-16 * Math.Max(1, Math.Abs(exponent)));
            },
            iter: 2_000, threads: 1);

    [Fact]
    public void Weights_of_single_problems_are_exponential_and_those_of_a_row_of_a_hundred_are_their_sum()
    {
        var (single, row) = (new double[100], new double[1]);
        var (sum, squares) = (0.0, 0.0);
        for (var resample = 0; resample < 1_000; resample++)
        {
            ExponentialWeights.Fill(7, resample, [.. Enumerable.Range(0, 100)], single);
            ExponentialWeights.Fill(7, resample, new int[100], row);
            Assert.Equal(single.Sum(), row[0], 1e-10);
            sum += single.Sum();
            squares += single.Sum(weight => weight * weight);
        }
        // Mean 1, mean square 2; standard errors 0.0032 and 0.014.
        Assert.Equal(1, sum / 1e5, 0.013);
        Assert.Equal(2, squares / 1e5, 0.056);
    }

    [Fact]
    public void A_problem_weighs_the_same_wherever_the_lanes_of_a_vector_begin_and_end()
    {
        var all = new double[40];
        for (var resample = 0; resample < 20; resample++)
        {
            ExponentialWeights.Fill(3, resample, [.. Enumerable.Range(0, all.Length)], all);
            for (var problems = 1; problems < all.Length; problems++)
            {
                var some = new double[problems];
                ExponentialWeights.Fill(3, resample, [.. Enumerable.Range(0, problems)], some);
                Assert.Equal(all[..problems], some);
            }
        }
    }

    [Fact]
    public void A_quarter_of_a_problem_has_the_moments_of_its_gamma_distribution()
    {
        var draws = Enumerable.Range(0, 40_000).Select(resample => ExponentialWeights.Quarter(11, resample)).ToArray();
        // Mean a, variance a, third central moment 2 a with a = 1/4; the tail beyond 1 by integrating the density numerically.
        Assert.Equal(0.25, draws.Average(), 0.01);
        Assert.Equal(0.25, draws.Average(draw => (draw - 0.25) * (draw - 0.25)), 0.02);
        const double GammaOfQuarter = 3.6256099082219083;
        var beyondOne = Enumerable.Range(10_000, 130_000).Sum(i => Density((i + 0.5) / 1e4) / 1e4) / GammaOfQuarter;
        Assert.Equal(beyondOne, draws.Count(draw => draw > 1) / 4e4, 0.006);

        static double Density(double x) => Math.Pow(x, -0.75) * Math.Exp(-x);
    }
}
