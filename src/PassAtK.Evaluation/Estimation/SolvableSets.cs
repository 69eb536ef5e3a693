namespace PassAtK.Evaluation.Estimation;

/// <summary>A share with its exact interval.</summary>
public readonly record struct ShareEstimate(double Estimate, double Low, double High);

/// <summary>
/// Which of the common problems each run solves at all: a problem is solvable by a run if any of its samples is correct. More samples
/// make more problems solvable, so where a problem's two n differ both runs are read at the smaller: the run with more samples enters
/// with the probability that a random choice of that many of its samples holds a correct one (its pass@k there), and the counts become
/// expected counts. With equal n all counts are whole.
/// </summary>
/// <param name="Both">Problems that both runs solve.</param>
/// <param name="BaseOnly">Problems that the base run alone solves.</param>
/// <param name="OtherOnly">Problems that the other run alone solves.</param>
/// <param name="Neither">Problems that no run solves.</param>
/// <param name="McNemarP">Two-sided exact McNemar p; null where expected counts are not whole, for the test needs real ones.</param>
/// <param name="BaseOnlyShare">BaseOnly over all common problems, with its Clopper-Pearson interval.</param>
/// <param name="OtherOnlyShare">OtherOnly likewise: at 0 its upper limit says how much the run could have missed.</param>
/// <param name="TriesFewest">The smallest number of samples at which a problem is read.</param>
/// <param name="TriesMost">The largest.</param>
public sealed record SolvableSets(
    double Both,
    double BaseOnly,
    double OtherOnly,
    double Neither,
    double? McNemarP,
    ShareEstimate BaseOnlyShare,
    ShareEstimate OtherOnlyShare,
    int TriesFewest,
    int TriesMost)
{
    public static SolvableSets Of(PairedProblems problems, double confidence = 0.95)
    {
        double both = 0, baseOnly = 0, otherOnly = 0, neither = 0;
        var counted = true;
        foreach (var (left, right) in problems.Pairs)
        {
            var samples = Math.Min(left.Samples, right.Samples);
            var byBase = PassAtKEstimator.Estimate(left.Samples, left.Correct, samples);
            var byOther = PassAtKEstimator.Estimate(right.Samples, right.Correct, samples);
            // Where one run is read at fewer samples than it has, solving is a probability, and the test knows only counts.
            counted &= byBase is 0 or 1 && byOther is 0 or 1;
            both += byBase * byOther;
            baseOnly += byBase * (1 - byOther);
            otherOnly += (1 - byBase) * byOther;
            neither += (1 - byBase) * (1 - byOther);
        }
        return new SolvableSets(
            both, baseOnly, otherOnly, neither,
            counted ? McNemar.TwoSidedP((int)baseOnly, (int)otherOnly) : null,
            Share(baseOnly), Share(otherOnly),
            problems.LargestK, problems.Pairs.Max(pair => Math.Min(pair.Base.Samples, pair.Other.Samples)));

        ShareEstimate Share(double count)
        {
            var (low, high) = ClopperPearson.Interval(count, problems.Pairs.Count, confidence);
            return new ShareEstimate(count / problems.Pairs.Count, low, high);
        }
    }
}
