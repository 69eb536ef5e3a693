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
    public void Half_a_problem_is_distributed_as_half_the_square_of_a_normal_number()
    {
        const int Draws = 40_000;
        var draws = Enumerable.Range(0, Draws).Select(resample => ExponentialWeights.Half(11, resample)).Order().ToArray();
        // Kolmogorov and Smirnov's distance is above 1.95 / sqrt(n) in one of 1,000 cases.
        var distance = draws.Index().Max(draw => Math.Abs(
            ((draw.Index + 0.5) / Draws) - (1 - (2 * IntervalTails.NormalTail(Math.Sqrt(2 * draw.Item))))));
        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(Draws));
    }
}
