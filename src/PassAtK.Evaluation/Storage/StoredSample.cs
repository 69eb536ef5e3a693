namespace PassAtK.Evaluation.Storage;

/// <summary>A sample as stored, with its verdict. Samples that share a completion may share arrays: treat them as immutable.</summary>
/// <param name="Problem">Position of its problem.</param>
/// <param name="Index">Its index within the problem.</param>
/// <param name="Tokens">All drawn token ids.</param>
/// <param name="Text">Decoded without special tokens, cut before a stop text.</param>
/// <param name="Finish">`stop` or `length`.</param>
/// <param name="Logprob">Natural log of the whole sample's probability at temperature 1; NaN where it is not a number.</param>
/// <param name="Logprobs">Per token: natural log of the unfiltered softmax at temperature 1.</param>
/// <param name="FilteredLogprobs">Per token: natural log of the probability it was drawn with.</param>
/// <param name="Correct">Null where the grader has not judged it.</param>
/// <param name="Extracted">The answer that the grader read.</param>
public sealed record StoredSample(
    int Problem, int Index, int[] Tokens, string Text, string Finish, double Logprob, float[] Logprobs, float[] FilteredLogprobs,
    bool? Correct, string? Extracted);
