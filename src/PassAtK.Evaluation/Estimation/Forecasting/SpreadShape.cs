namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>One shape that p may be spread in over problems, as fitted.</summary>
/// <param name="Shape">
/// beta; zeroInflatedBeta, where a share of problems has p = 0; logitNormal, where ln(p / (1 - p)) is normal; twoLogitNormals, a mixture.
/// </param>
/// <param name="Weight">Its weight in the forecast; all weights add up to 1.</param>
/// <param name="Parameters">
/// alpha, beta; alpha, beta, share at 0; mean, standard deviation; those of both and the share of the first.
/// </param>
public sealed record SpreadShape(string Shape, double Weight, IReadOnlyList<double> Parameters);
