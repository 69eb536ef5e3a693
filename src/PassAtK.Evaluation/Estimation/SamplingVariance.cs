namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// How much one problem's pass@k would vary if its n samples were drawn again. The share f = 1 - pass@k of k-subsets without a correct
/// sample is an unbiased estimate of (1 - p)^k, so its variance is E f^2 - (1 - p)^(2k), and the share of 2k-subsets without one estimates
/// the second term without bias: f^2 less that share is an unbiased estimate of the variance wherever 2k is at most n. It is never below 0,
/// for wrong samples that are taken away leave fewer to take. For larger k there is no unbiased one; p = c / n is then put into the exact
/// variance, E q^(2k - J) - q^(2k) with q = 1 - p and J the overlap of two random k-subsets.
/// Source: Hoeffding, "A class of statistics with asymptotically normal distribution", 1948 (the variance of a U-statistic).
/// </summary>
internal static class SamplingVariance
{
    /// <param name="samples">n.</param>
    /// <param name="correct">c.</param>
    /// <param name="k">From 1 to n.</param>
    public static double Of(int samples, int correct, int k)
    {
        var wrong = 1 - PassAtKEstimator.Estimate(samples, correct, k);
        if (k <= samples / 2)
            return Math.Max(0, (wrong * wrong) - (1 - PassAtKEstimator.Estimate(samples, correct, 2 * k)));
        var q = 1 - ((double)correct / samples);
        return Math.Max(
            0, new Hypergeometric(samples, k, k).Expectation(overlap => Math.Pow(q, (2.0 * k) - overlap)) - Math.Pow(q, 2.0 * k));
    }
}
