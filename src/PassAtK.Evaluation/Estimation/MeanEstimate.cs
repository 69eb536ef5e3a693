namespace PassAtK.Evaluation.Estimation;

/// <summary>A mean over problems with its bootstrap interval.</summary>
public readonly record struct MeanEstimate(double Estimate, double Low, double High);
