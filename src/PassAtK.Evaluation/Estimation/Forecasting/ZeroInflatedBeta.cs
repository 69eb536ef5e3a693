namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// How the probability p that a sample is correct is spread over problems: 0 for a share of them, Beta(alpha, beta) for the others. Counts
/// are then (zero-inflated) beta-binomial.
/// </summary>
/// <param name="Alpha">Above 0; the smaller, the more problems are close to p = 0.</param>
/// <param name="Beta">Above 0.</param>
/// <param name="AtZero">Share of problems that no number of samples solves, in [0, 1).</param>
public readonly record struct ZeroInflatedBeta(double Alpha, double Beta, double AtZero)
{
    /// <summary>E[(1 - p)^k]: the share of problems that k samples leave unsolved.</summary>
    public double Unsolved(int k) =>
        AtZero + ((1 - AtZero) * Math.Exp(RisingFactorial.Log(Beta, k) - RisingFactorial.Log(Alpha + Beta, k)));

    /// <summary>What is known of p once <paramref name="correct"/> of <paramref name="samples"/> samples were correct.</summary>
    public ZeroInflatedBeta Posterior(int samples, int correct) => new(
        Alpha + correct, Beta + samples - correct, correct > 0 || AtZero == 0 ? 0 : AtZero / Unsolved(samples));
}
