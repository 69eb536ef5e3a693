namespace PassAtK.Evaluation.Storage;

/// <summary>How far a problem is.</summary>
/// <param name="Problem">Its position.</param>
/// <param name="Samples">Stored samples.</param>
/// <param name="Graded">Those with a verdict.</param>
/// <param name="Correct">Those with a verdict that they are correct.</param>
public sealed record ProblemTally(int Problem, int Samples, int Graded, int Correct);
