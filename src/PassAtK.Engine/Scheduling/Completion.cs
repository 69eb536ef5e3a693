namespace PassAtK.Engine.Scheduling;

/// <summary>Why a sample ended.</summary>
public enum FinishReason
{
    /// <summary>An end-of-sequence token or a stop text.</summary>
    Stop,

    /// <summary>The token limit, or the end of the model's context.</summary>
    Length,
}

/// <summary>
/// A finished sample. Samples that never diverged share the same arrays and string: treat them as immutable.
/// </summary>
/// <param name="ProblemId">The request's.</param>
/// <param name="Sample">Its index within the problem.</param>
/// <param name="Tokens">All drawn tokens, an end-of-sequence token and the tokens of a stop text included.</param>
/// <param name="Logprobs">Per token: natural log of the unfiltered softmax at temperature 1.</param>
/// <param name="FilteredLogprobs">Per token: natural log of the probability it was drawn with.</param>
/// <param name="Text">Decoded without special tokens, cut before the stop text.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record Completion(
    string ProblemId, int Sample, int[] Tokens, float[] Logprobs, float[] FilteredLogprobs, string Text, FinishReason Finish);
