namespace PassAtK.Evaluation.Grading;

/// <summary>What a grader found.</summary>
/// <param name="Correct">The completion solves the problem.</param>
/// <param name="Extracted">The answer read from it in a canonical form, so that equal answers are equal texts; null if there is
/// none.</param>
/// <param name="Detail">Why it is wrong, where the grader can tell more than the extracted answer does.</param>
public sealed record Verdict(bool Correct, string? Extracted, string? Detail = null);
