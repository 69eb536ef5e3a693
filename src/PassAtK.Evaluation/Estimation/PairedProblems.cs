using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>The problems that two runs have in common, matched by id.</summary>
/// <param name="Pairs">In the order of their counts, so that neither file order nor naming can move an interval.</param>
/// <param name="DroppedBase">Problems of the base run alone.</param>
/// <param name="DroppedOther">Problems of the other run alone.</param>
public sealed record PairedProblems(
    IReadOnlyList<(ProblemCounts Base, ProblemCounts Other)> Pairs, int DroppedBase, int DroppedOther)
{
    /// <summary>Smallest n of either run over the common problems: the largest k of a comparison.</summary>
    public int LargestK => Pairs.Min(pair => Math.Min(pair.Base.Samples, pair.Other.Samples));

    /// <exception cref="InputException">An id comes twice, or the runs have no problem in common.</exception>
    public static PairedProblems Of(IReadOnlyList<ProblemCounts> @base, IReadOnlyList<ProblemCounts> other)
    {
        ProblemCounts.RefuseDuplicates(@base);
        ProblemCounts.RefuseDuplicates(other);
        var pairs = @base.Join(other, problem => problem.Id, problem => problem.Id, (left, right) => (Base: left, Other: right))
            .OrderBy(pair => pair.Base.Samples).ThenBy(pair => pair.Base.Correct)
            .ThenBy(pair => pair.Other.Samples).ThenBy(pair => pair.Other.Correct)
            .ToArray();
        if (pairs.Length == 0)
        {
            throw new InputException(
                $"the runs have no problem in common ({@base.Count} in the base run, {other.Count} in the other), expected at least one.");
        }
        return new PairedProblems(pairs, @base.Count - pairs.Length, other.Count - pairs.Length);
    }
}
