using CsCheck;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class StandardErrorTests
{
    [Fact]
    public void The_variance_within_a_problem_is_estimated_without_bias_where_two_k_fit_into_n()
    {
        // Over all outcomes c of 8 samples, each with its binomial probability: E(estimate) is the variance itself.
        foreach (var chance in new[] { 0.0, 0.05, 0.3, 0.5, 0.9, 1 })
        {
            foreach (var k in new[] { 1, 2, 3, 4 })
            {
                var probabilities = Enumerable.Range(0, 9).Select(correct => Binomial(8, correct, chance)).ToArray();
                var values = Enumerable.Range(0, 9).Select(correct => PassAtKEstimator.Estimate(8, correct, k)).ToArray();
                var mean = probabilities.Zip(values, (p, value) => p * value).Sum();
                var variance = probabilities.Zip(values, (p, value) => p * (value - mean) * (value - mean)).Sum();
                var estimate = probabilities.Select((p, correct) => p * SamplingVariance.Of(8, correct, k)).Sum();
                Assert.Equal(variance, estimate, 1e-14);
            }
        }
    }

    [Fact]
    public void Beyond_half_of_n_it_is_the_exact_variance_at_the_share_of_correct_samples()
    {
        for (var k = 5; k <= 8; k++)
        {
            for (var correct = 0; correct <= 8; correct++)
            {
                var probabilities = Enumerable.Range(0, 9).Select(count => Binomial(8, count, correct / 8.0)).ToArray();
                var values = Enumerable.Range(0, 9).Select(count => PassAtKEstimator.Estimate(8, count, k)).ToArray();
                var mean = probabilities.Zip(values, (p, value) => p * value).Sum();
                var variance = probabilities.Zip(values, (p, value) => p * (value - mean) * (value - mean)).Sum();
                Assert.Equal(variance, SamplingVariance.Of(8, correct, k), 1e-14);
            }
        }
    }

    [Fact]
    public void Sources_add_up_to_the_error_of_a_mean()
    {
        var curve = PassAtKCurve.Of(PairedRuns.Other, new BootstrapSettings { Resamples = 100 });
        foreach (var (point, error) in curve.Points.Zip(curve.StandardErrors))
        {
            var values = PairedRuns.Other.Select(problem => PassAtKEstimator.Estimate(512, problem.Correct, point.K)).ToArray();
            var squares = values.Sum(value => (value - values.Average()) * (value - values.Average()));
            Assert.Equal(Math.Sqrt(squares / 99 / 100), error.Total!.Value, 1e-13);
            var (between, within) = (error.BetweenProblems!.Value, error.WithinProblems);
            Assert.Equal(error.Total.Value, Math.Sqrt((between * between) + (within * within)), 1e-13);
        }
        Assert.Equal([1, 512], new[] { curve.StandardErrors[0].K, curve.StandardErrors[^1].K });
    }

    [Fact]
    public void Problems_that_are_all_alike_have_only_the_error_of_their_samples_and_one_problem_tells_of_no_other()
    {
        // 4,000 problems of chance 1/2, 16 samples each.
        var random = new Random(3);
        int[] correct = [.. Enumerable.Range(0, 4_000).Select(_ => Enumerable.Range(0, 16).Count(_ => random.Next(2) == 0))];
        var problems = PairedRuns.Of(16, correct);
        var error = PassAtKCurve.Of(problems, new BootstrapSettings { Resamples = 100 }).StandardErrors[0];
        Assert.Equal(Math.Sqrt(0.25 / 16 / 4_000), error.WithinProblems, 1e-5);
        Assert.True(error.BetweenProblems < 0.35 * error.WithinProblems);

        var single = PassAtKCurve.Of(PairedRuns.Of(16, 8), new BootstrapSettings { Resamples = 100 }).StandardErrors[0];
        Assert.Equal((null, null), (single.Total, single.BetweenProblems));
        Assert.Equal(Math.Sqrt(0.25 / 15), single.WithinProblems, 1e-14);
    }

    [Fact]
    public void The_sampling_of_both_runs_goes_into_the_error_of_a_difference()
    {
        var error = PairedComparison.Of(PairedRuns.Of(16, 8), PairedRuns.Of(16, 4)).DifferenceErrors[0];
        Assert.Equal(Math.Sqrt((0.25 / 15) + (0.1875 / 15)), error.WithinProblems, 1e-14);
    }

    [Fact]
    public void A_hypergeometric_distribution_agrees_with_whole_number_arithmetic() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 60], Gen.Int[0, 60]).Sample(
            (a, b, c) =>
            {
                var all = Math.Max(1, a);
                var (marked, drawn) = (b % (all + 1), c % (all + 1));
                var distribution = new Hypergeometric(all, marked, drawn);
                for (var from = 0; from <= drawn + 1; from++)
                {
                    var sum = Enumerable.Range(from, Math.Max(0, drawn - from + 1)).Aggregate(
                        System.Numerics.BigInteger.Zero, (total, j) => total + (Choose(marked, j) * Choose(all - marked, drawn - j)));
                    var exact = Math.Exp(System.Numerics.BigInteger.Log(sum) - System.Numerics.BigInteger.Log(Choose(all, drawn)));
                    Assert.Equal(sum.IsZero ? 0 : exact, distribution.AtLeast(from), 1e-12);
                }
                return true;
            },
            iter: 300, threads: 1);

    private static double Binomial(int n, int k, double p) => (double)Choose(n, k) * Math.Pow(p, k) * Math.Pow(1 - p, n - k);

    private static System.Numerics.BigInteger Choose(int n, int k)
    {
        if (k < 0 || k > n)
            return 0;
        var result = System.Numerics.BigInteger.One;
        for (var i = 1; i <= k; i++)
            result = result * (n - k + i) / i;
        return result;
    }
}
