using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The unbiased estimator of the probability that at least one of k samples is correct, from n samples of which c are:
/// 1 - C(n - c, k) / C(n, k). Source: Chen et al., "Evaluating large language models trained on code", arXiv 2107.03374, equation 1.
/// </summary>
public static class PassAtKEstimator
{
    // Below this the unsolved share is under half a unit in the last place of 1: no further factor can change the result.
    private const double Negligible = 1.0 / (1L << 53);

    /// <summary>pass@k of one problem, in [0, 1].</summary>
    /// <param name="samples">n, at least 1.</param>
    /// <param name="correct">c, from 0 to n.</param>
    /// <param name="k">From 1 to n.</param>
    /// <exception cref="InputException">A number is outside its range; k above n has no unbiased estimate.</exception>
    /// <remarks>
    /// The ratio of binomials is a product of factors 1 - max(c, k) / (n - i) for i below min(c, k): it is symmetric in c and k. The
    /// solved share is accumulated instead of the product, so small values keep their relative precision, and the loop ends once
    /// nothing is left unsolved: at most about sqrt(37 n) factors.
    /// </remarks>
    public static double Estimate(int samples, int correct, int k)
    {
        if (samples < 1)
            throw new InputException($"the number of samples is {samples}, expected at least 1.");
        if (correct < 0 || correct > samples)
            throw new InputException($"the number of correct samples is {correct}, expected 0 to {samples}.");
        if (k < 1)
            throw new InputException($"k is {k}, expected at least 1.");
        if (k > samples)
            throw new InputException($"pass@{k} needs at least {k} samples of each problem, found {samples}.");
        if (samples - correct < k)
            return 1;

        double few = Math.Min(correct, k), many = Math.Max(correct, k), solved = 0;
        for (var i = 0; i < few && 1 - solved > Negligible; i++)
            solved += (1 - solved) * (many / (samples - i));
        return solved;
    }
}
