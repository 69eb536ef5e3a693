namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// How reliably one problem is solved: k of its n samples are chosen at random, c of the n being correct, and a share of them has to be
/// correct. Unbiased for k fresh samples. Source: Liu et al., "Are your LLMs capable of stable reasoning?", arXiv 2412.13147.
/// </summary>
public static class GPassAtK
{
    /// <summary>pass^k, the probability that all k are correct: C(c, k) / C(n, k). Source: Yao et al., arXiv 2406.12045.</summary>
    /// <exception cref="Engine.InputException">A number is outside its range, as for pass@k.</exception>
    public static double AllCorrect(int samples, int correct, int k)
    {
        // The same conditions, and the same sentences.
        PassAtKEstimator.Estimate(samples, correct, k);
        var share = correct < k ? 0.0 : 1.0;
        for (var i = 0; i < k && share > 0; i++)
            share *= (double)(correct - i) / (samples - i);
        return share;
    }

    /// <summary>G-Pass@k at a threshold: the probability that at least ceil(threshold k), and at least one, of the k are correct.</summary>
    /// <exception cref="Engine.InputException">A number is outside its range, as for pass@k.</exception>
    public static double AtLeast(int samples, int correct, int k, double threshold)
    {
        PassAtKEstimator.Estimate(samples, correct, k);
        return new Hypergeometric(samples, correct, k).AtLeast(Math.Max(1, (int)Math.Ceiling(threshold * k)));
    }

    /// <summary>
    /// mG-Pass@k, G-Pass@k averaged over thresholds from 1/2 to 1: 2 / k times the sum of P(at least i of k) for i from ceil(k / 2) + 1 to
    /// k, which is 2 / k E max(0, correct - ceil(k / 2)). 0 for k = 1, where the sum is empty.
    /// </summary>
    /// <exception cref="Engine.InputException">A number is outside its range, as for pass@k.</exception>
    public static double Mean(int samples, int correct, int k)
    {
        PassAtKEstimator.Estimate(samples, correct, k);
        var half = (k + 1) / 2;
        return new Hypergeometric(samples, correct, k).Expectation(found => Math.Max(0, found - half)) * 2 / k;
    }
}
