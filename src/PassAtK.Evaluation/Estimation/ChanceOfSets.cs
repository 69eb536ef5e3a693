using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// What blind guessing solves of the sets of a comparison. As in <see cref="SolvableSets"/> each problem is read at the smaller of its
/// two n: that is how many guesses it gets, and a run with more samples solves it with its pass@k there.
/// </summary>
/// <param name="All">Of all common problems.</param>
/// <param name="Base">Of those that the base run solves.</param>
/// <param name="Other">Of those that the other run solves.</param>
/// <param name="Both">Of those that both solve.</param>
/// <param name="BaseOnly">Of those that the base run alone solves.</param>
/// <param name="OtherOnly">Of those that the other run alone solves.</param>
/// <param name="Neither">Of those that neither solves.</param>
/// <param name="AsManyAsBase">
/// Exact probability that guessing solves at least as many problems as the base run; null where that is an expected number.
/// </param>
/// <param name="AsManyAsOther">The same for the other run.</param>
public sealed record ChanceOfSets(
    ChanceCount All,
    ChanceCount Base,
    ChanceCount Other,
    ChanceCount Both,
    ChanceCount BaseOnly,
    ChanceCount OtherOnly,
    ChanceCount Neither,
    double? AsManyAsBase,
    double? AsManyAsOther)
{
    /// <param name="problems">The common problems.</param>
    /// <param name="chances">By problem id, one for every common problem.</param>
    /// <param name="confidence">Share of guessing runs inside a range, in (0, 1).</param>
    /// <exception cref="InputException">A chance is outside [0, 1].</exception>
    public static ChanceOfSets Of(PairedProblems problems, IReadOnlyDictionary<string, double> chances, double confidence = 0.95)
    {
        var solved = problems.Pairs.Select(pair =>
        {
            var tries = Math.Min(pair.Base.Samples, pair.Other.Samples);
            return (
                Base: PassAtKEstimator.Estimate(pair.Base.Samples, pair.Base.Correct, tries),
                Other: PassAtKEstimator.Estimate(pair.Other.Samples, pair.Other.Correct, tries),
                Guess: ChanceCurve.OfProblem(chances[pair.Base.Id], tries));
        }).ToArray();
        var guessing = PoissonBinomial.Of(solved.Select(problem => problem.Guess));
        return new ChanceOfSets(
            Set(_ => 1),
            Set(problem => problem.Base),
            Set(problem => problem.Other),
            Set(problem => problem.Base * problem.Other),
            Set(problem => problem.Base * (1 - problem.Other)),
            Set(problem => (1 - problem.Base) * problem.Other),
            Set(problem => (1 - problem.Base) * (1 - problem.Other)),
            AsMany(solved.Select(problem => problem.Base)),
            AsMany(solved.Select(problem => problem.Other)));

        ChanceCount Set(Func<(double Base, double Other, double Guess), double> belongs) =>
            ChanceCount.Of(solved.Select(problem => (belongs(problem), problem.Guess)), confidence);

        double? AsMany(IEnumerable<double> byRun)
        {
            var results = byRun.ToArray();
            return results.All(result => result is 0 or 1) ? guessing.AtLeast((int)results.Sum()) : null;
        }
    }
}
