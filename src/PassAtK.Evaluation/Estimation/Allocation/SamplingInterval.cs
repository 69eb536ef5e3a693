using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Allocation;

/// <summary>
/// Mean pass@k over fixed problems with the 95% interval that sampling noise alone leaves: normal, from the unbiased variance of each
/// problem's estimate. More samples narrow it; the spread between problems is no part of it, other than of the intervals by bootstrap.
/// </summary>
public static class SamplingInterval
{
    private const double NormalQuantile = 1.959963984540054;

    /// <summary>An interval is so many standard deviations wide.</summary>
    internal const double WidthOfDeviation = 2 * NormalQuantile;

    /// <param name="problems">Each with at least 2k samples.</param>
    /// <param name="k">From 1 on.</param>
    /// <exception cref="InputException">No problems, or one has too few samples.</exception>
    public static CurvePoint Of(IReadOnlyCollection<ProblemCounts> problems, int k)
    {
        if (problems.Count == 0)
            throw new InputException("the run has no problems with samples, expected at least one.");
        var (mean, variance) = (0.0, 0.0);
        foreach (var problem in problems.OrderBy(problem => problem.Samples).ThenBy(problem => problem.Correct))
        {
            if (problem.Samples < 2L * k)
                throw new InputException($"problem '{problem.Id}' has {problem.Samples} samples, expected at least {2L * k} for pass@{k}.");
            mean += PassAtKEstimator.Estimate(problem.Samples, problem.Correct, k);
            variance += SamplingVariance.Of(problem.Samples, problem.Correct, k);
        }
        mean /= problems.Count;
        var half = NormalQuantile * Math.Sqrt(variance) / problems.Count;
        return new CurvePoint(k, Math.Clamp(mean, 0, 1), Math.Max(mean - half, 0), Math.Min(mean + half, 1));
    }
}
