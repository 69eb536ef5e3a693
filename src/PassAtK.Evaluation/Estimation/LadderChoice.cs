namespace PassAtK.Evaluation.Estimation;

/// <summary>Which k a report looks at.</summary>
/// <param name="Ks">These; null for 1, 2, 4, ... and the largest.</param>
/// <param name="Largest">Where curves end at the latest, though the problems have samples for more; null for no such end.</param>
public sealed record LadderChoice(IReadOnlyList<int>? Ks = null, int? Largest = null);
