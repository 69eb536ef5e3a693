using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Estimation.Allocation;

/// <summary>
/// The variance that sampling is expected to give the unbiased pass@k estimate of one problem whose p has a distribution. The unsolved
/// share is a U-statistic: the mean over all choices of k samples of whether all are wrong. Two choices that share h samples are both wrong
/// with probability (1 - p)^(2k - h), and h is hypergeometric. What samples show of it: <see cref="SamplingVariance"/>.
/// Source: Hoeffding, "A class of statistics with asymptotically normal distribution", 1948, section 5.
/// </summary>
internal static class EstimatorVariance
{
    /// <param name="samples">n, at least 2k.</param>
    /// <param name="unsolved">E[(1 - p)^j] at j = k, ..., 2k.</param>
    public static double Expected(int samples, ReadOnlySpan<double> unsolved)
    {
        var k = unsolved.Length - 1;
        // Choices that share nothing: C(n - k, k) / C(n, k).
        var log = RisingFactorial.Log(samples - (2 * k) + 1, k) - RisingFactorial.Log(samples - k + 1, k);
        var variance = 0.0;
        for (var shared = 1; shared <= k; shared++)
        {
            var left = k - shared + 1.0;
            log += Math.Log(left * left / (shared * (samples - (2.0 * k) + shared)));
            variance += Math.Exp(log) * (unsolved[k - shared] - unsolved[k]);
        }
        return variance;
    }
}
