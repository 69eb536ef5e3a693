using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Allocation;

namespace PassAtK.Evaluation.Tests.Estimation.Allocation;

public class EstimatorVarianceTests
{
    [Theory]
    [InlineData(2, 1, 0.3)]
    [InlineData(12, 1, 0.02)]
    [InlineData(8, 4, 0.25)]
    [InlineData(30, 5, 0.1)]
    [InlineData(60, 16, 0.03)]
    public void Both_variances_are_those_of_the_estimates_of_all_possible_samples(int samples, int k, double p)
    {
        double mean = 0, square = 0, estimated = 0;
        for (var correct = 0; correct <= samples; correct++)
        {
            var probability = Binomial(samples, correct, p);
            var passAtK = PassAtKEstimator.Estimate(samples, correct, k);
            mean += probability * passAtK;
            square += probability * passAtK * passAtK;
            estimated += probability * SamplingVariance.Of(samples, correct, k);
        }
        var variance = square - (mean * mean);
        double[] unsolved = [.. Enumerable.Range(k, k + 1).Select(j => Math.Pow(1 - p, j))];

        Assert.Equal(variance, estimated, 1e-12);
        Assert.Equal(variance, EstimatorVariance.Expected(samples, unsolved), 1e-12);
    }

    private static double Binomial(int n, int c, double p) =>
        Enumerable.Range(0, c).Aggregate(Math.Pow(p, c) * Math.Pow(1 - p, n - c), (product, i) => product * (n - i) / (i + 1));
}
