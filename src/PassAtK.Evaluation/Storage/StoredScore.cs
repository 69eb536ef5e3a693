namespace PassAtK.Evaluation.Storage;

/// <summary>What a scorer says of a sample.</summary>
/// <param name="Problem">Position of its problem.</param>
/// <param name="Index">Its index within the problem.</param>
/// <param name="Logprob">Natural log of the whole sample's probability at temperature 1; minus infinity where a token has none.</param>
/// <param name="Logprobs">Per token: natural log of the unfiltered softmax at temperature 1.</param>
public sealed record StoredScore(int Problem, int Index, double Logprob, float[] Logprobs);
