namespace PassAtK.Evaluation.Storage;

/// <summary>A sample that two graders, or two versions of one, have judged.</summary>
/// <param name="Problem">Position of its problem.</param>
/// <param name="Index">Its index within the problem.</param>
/// <param name="Correct">The first one's verdict.</param>
/// <param name="Extracted">The answer that the first one read.</param>
/// <param name="AgainstCorrect">The second one's verdict.</param>
/// <param name="AgainstExtracted">The answer that the second one read.</param>
public sealed record VerdictPair(int Problem, int Index, bool Correct, string? Extracted, bool AgainstCorrect, string? AgainstExtracted);
