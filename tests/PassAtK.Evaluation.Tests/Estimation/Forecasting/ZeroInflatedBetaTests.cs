using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Tests.Estimation.Forecasting;

public class ZeroInflatedBetaTests
{
    [Theory]
    [InlineData(1, 1, 0, 0, 0)]
    [InlineData(2.5, 3.5, 0.25, 6, 0)]
    [InlineData(2.5, 3.5, 0.25, 6, 2)]
    [InlineData(1.2, 40, 0.6, 30, 0)]
    [InlineData(9, 2, 0, 5, 5)]
    public void What_a_problem_leaves_unsolved_is_the_integral_over_its_posterior(
        double alpha, double beta, double atZero, int samples, int correct)
    {
        // Midpoints over p, with the point at 0 apart; the density is normalised by the same sums.
        const int Steps = 400_000;
        const int K = 17;
        double mass = 0, before = 0, after = 0;
        for (var step = 0; step < Steps; step++)
        {
            var p = (step + 0.5) / Steps;
            var density = Math.Pow(p, alpha - 1) * Math.Pow(1 - p, beta - 1);
            var seen = density * Math.Pow(p, correct) * Math.Pow(1 - p, samples - correct);
            mass += density;
            before += seen;
            after += seen * Math.Pow(1 - p, K);
        }
        var point = correct == 0 ? atZero : 0;
        var expected = (point + ((1 - atZero) * after / mass)) / (point + ((1 - atZero) * before / mass));

        Assert.Equal(expected, new ZeroInflatedBeta(alpha, beta, atZero).Posterior(samples, correct).Unsolved(K), 1e-5 * expected);
    }
}
