namespace PassAtK.Evaluation.Estimation;

/// <summary>One problem's counts in both runs of a comparison.</summary>
public sealed record ProblemPair(string Id, int BaseSamples, int BaseCorrect, int OtherSamples, int OtherCorrect);

/// <summary>
/// The problems that one run solves and the other does not, with all the samples that either has: those solved by the largest share of
/// samples first, for they are the least likely to be luck; of equal shares by id.
/// </summary>
/// <param name="BaseOnly">Some of the base run's samples are correct and none of the other's.</param>
/// <param name="OtherOnly">The other way round.</param>
public sealed record ChangedSides(IReadOnlyList<ProblemPair> BaseOnly, IReadOnlyList<ProblemPair> OtherOnly)
{
    public static ChangedSides Of(PairedProblems problems)
    {
        var pairs = problems.Pairs
            .Select(pair => new ProblemPair(pair.Base.Id, pair.Base.Samples, pair.Base.Correct, pair.Other.Samples, pair.Other.Correct))
            .ToArray();
        var baseOnly = pairs.Where(pair => pair is { BaseCorrect: > 0, OtherCorrect: 0 });
        var otherOnly = pairs.Where(pair => pair is { BaseCorrect: 0, OtherCorrect: > 0 });
        return new ChangedSides(
            Sorted(baseOnly, pair => (double)pair.BaseCorrect / pair.BaseSamples),
            Sorted(otherOnly, pair => (double)pair.OtherCorrect / pair.OtherSamples));

        static ProblemPair[] Sorted(IEnumerable<ProblemPair> solved, Func<ProblemPair, double> share) =>
            [.. solved.OrderByDescending(share).ThenBy(pair => pair.Id, StringComparer.Ordinal)];
    }
}
