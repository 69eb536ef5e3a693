namespace PassAtK.Evaluation.Storage;

/// <summary>What reports need of the samples of a problem.</summary>
/// <param name="Problem">Position of the problem.</param>
/// <param name="Samples">Its samples in order of their indices, at least one.</param>
public sealed record ProblemOutcomes(int Problem, IReadOnlyList<SampleOutcome> Samples)
{
    /// <summary>
    /// Whether a sample is missing before one that is there: the run was stopped while later samples were done and earlier ones were not.
    /// </summary>
    public bool HasGap => Samples[^1].Index >= Samples.Count;
}

/// <summary>What reports need of a sample.</summary>
/// <param name="Index">Its index within the problem.</param>
/// <param name="Tokens">Drawn tokens; the same array for samples that never diverged.</param>
/// <param name="Finish">`stop` or `length`.</param>
/// <param name="Logprob">Natural log of the whole sample's probability at temperature 1.</param>
/// <param name="Surprisal">Minus the natural log of the probability that the whole sample was drawn with; never negative.</param>
/// <param name="Correct">Null where the grader has not judged it.</param>
/// <param name="Extracted">The answer that the grader read.</param>
/// <param name="Scored">As <paramref name="Logprob"/>, under the scorer asked for; null where it has not scored the sample.</param>
public readonly record struct SampleOutcome(
    int Index, int[] Tokens, string Finish, double Logprob, double Surprisal, bool? Correct, string? Extracted,
    double? Scored);
