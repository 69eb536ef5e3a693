namespace PassAtK.Evaluation.Estimation;

/// <summary>A number at one k with its bootstrap interval, all as fractions (0.5 is 50%), differences signed.</summary>
public readonly record struct CurvePoint(int K, double Estimate, double Low, double High);
