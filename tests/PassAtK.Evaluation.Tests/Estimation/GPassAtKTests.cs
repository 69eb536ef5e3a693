using System.Numerics;
using CsCheck;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class GPassAtKTests
{
    private static readonly Gen<(int N, int C, int K)> Counts =
        from n in Gen.Int[1, 80] from c in Gen.Int[0, n] from k in Gen.Int[1, n] select (n, c, k);

    [Fact]
    public void All_measures_agree_with_exact_rationals() =>
        Counts.Sample(
            counts =>
            {
                var (n, c, k) = counts;
                Assert.Equal(Exact(n, c, k, k), GPassAtK.AllCorrect(n, c, k), 1e-12);
                foreach (var (share, least) in new[] { (0.25, (k + 3) / 4), (0.5, (k + 1) / 2), (0.75, ((3 * k) + 3) / 4), (1.0, k) })
                    Assert.Equal(Exact(n, c, k, least), GPassAtK.AtLeast(n, c, k, share), 1e-12);
                // 2 / k times the sum over i from ceil(k / 2) + 1 to k of G-Pass@k at i / k.
                var sum = Enumerable.Range(((k + 1) / 2) + 1, k - ((k + 1) / 2)).Sum(least => Exact(n, c, k, least));
                Assert.Equal(2.0 / k * sum, GPassAtK.Mean(n, c, k), 1e-12);
            },
            iter: 500, threads: 1);

    [Fact]
    public void A_threshold_near_zero_is_pass_at_k_and_one_of_all_is_pass_hat_k() =>
        Counts.Sample(
            counts =>
            {
                var (n, c, k) = counts;
                Assert.Equal(PassAtKEstimator.Estimate(n, c, k), GPassAtK.AtLeast(n, c, k, 1e-9), 1e-12);
                Assert.Equal(GPassAtK.AllCorrect(n, c, k), GPassAtK.AtLeast(n, c, k, 1), 1e-12);
                // All of k are correct where none of k is wrong.
                Assert.Equal(1 - PassAtKEstimator.Estimate(n, n - c, k), GPassAtK.AllCorrect(n, c, k), 1e-12);
            },
            iter: 500, threads: 1);

    [Fact]
    public void More_than_n_is_refused_as_for_pass_at_k() =>
        Assert.Equal(
            "pass@5 needs at least 5 samples of each problem, found 4.",
            Assert.Throws<InputException>(() => GPassAtK.AllCorrect(4, 2, 5)).Message);

    [Fact]
    public void A_run_has_them_as_means_over_problems_with_intervals_that_hold_them()
    {
        var run = PairedRuns.Of(16, 0, 4, 8, 12, 16);
        var reliability = Reliability.Of(run, new BootstrapSettings { Resamples = 500 });
        Assert.Equal(0.5, reliability.Accuracy.Estimate, 1e-15);
        var eight = reliability.GPass.Single(point => point.K == 8);
        foreach (var at in eight.At)
        {
            Assert.Equal(run.Average(problem => GPassAtK.AtLeast(16, problem.Correct, 8, at.Tau)), at.Estimate, 1e-12);
            Assert.True(at.Low <= at.Estimate && at.Estimate <= at.High);
        }
        Assert.Equal(run.Average(problem => GPassAtK.Mean(16, problem.Correct, 8)), eight.Mean!.Value.Estimate, 1e-12);
        Assert.Null(reliability.GPass[0].Mean);
        Assert.Equal(eight.At[^1].Estimate, reliability.AllCorrect.Single(point => point.K == 8).Estimate, 1e-12);
        Assert.Equal(
            [(0.01, 0.8), (0.1, 0.8), (0.25, 0.8), (0.5, 0.6), (0.75, 0.4), (0.9, 0.2), (1, 0.2)],
            reliability.Cover.Select(point => (point.Tau, Math.Round(point.Estimate, 12))));
    }

    private static double Exact(int n, int c, int k, int least)
    {
        var sum = Enumerable.Range(least, k - least + 1)
            .Aggregate(BigInteger.Zero, (total, j) => total + (Choose(c, j) * Choose(n - c, k - j)));
        return sum.IsZero ? 0 : Math.Exp(BigInteger.Log(sum) - BigInteger.Log(Choose(n, k)));
    }

    private static BigInteger Choose(int n, int k)
    {
        if (k < 0 || k > n)
            return 0;
        var result = BigInteger.One;
        for (var i = 1; i <= k; i++)
            result = result * (n - k + i) / i;
        return result;
    }
}
