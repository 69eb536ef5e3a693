using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// How many problems of a set one run of blind guessing solves, with as many guesses at a problem as the model had samples. The problems
/// and their chances are fixed and the guesses independent, so the number is Poisson-binomial, and the range is a prediction interval: it
/// holds the number of at least the stated share of such runs.
/// </summary>
/// <param name="Problems">Size of the set; an expected number where whether a problem belongs to it is a probability.</param>
/// <param name="Expected">Mean number solved by guessing.</param>
/// <param name="Low">Least number in the range.</param>
/// <param name="High">Largest number in the range.</param>
public readonly record struct ChanceCount(double Problems, double Expected, int Low, int High)
{
    /// <param name="set">Of each problem: the probability that it belongs to the set, 0 or 1 as a rule, and that guessing solves it.</param>
    /// <param name="confidence">Share of guessing runs inside the range, in (0, 1).</param>
    internal static ChanceCount Of(IEnumerable<(double Belongs, double Guessed)> set, double confidence)
    {
        var problems = set.Where(problem => problem.Belongs > 0).ToArray();
        var solved = PoissonBinomial.Of(problems.Select(problem => problem.Belongs * problem.Guessed));
        var (low, high) = solved.Range(confidence);
        return new ChanceCount(problems.Sum(problem => problem.Belongs), solved.Mean, low, high);
    }
}

/// <summary>What guessing solves of all problems of a run, and of those that the model solves.</summary>
/// <param name="OfAll">Of all problems.</param>
/// <param name="OfSolved">Of the problems with any correct sample.</param>
/// <param name="AtLeastAsMany">
/// Exact probability that one run of guessing solves at least as many of these problems as the model did.
/// </param>
public sealed record ChanceSolved(ChanceCount OfAll, ChanceCount OfSolved, double AtLeastAsMany)
{
    /// <param name="problems">Counts and chance of each problem; a problem gets as many guesses as it has samples.</param>
    /// <param name="confidence">Share of guessing runs inside a range, in (0, 1).</param>
    /// <exception cref="InputException">A chance is outside [0, 1].</exception>
    public static ChanceSolved Of(IReadOnlyList<(ProblemCounts Counts, double Chance)> problems, double confidence = 0.95)
    {
        var guessed = problems
            .Select(problem => (
                Belongs: problem.Counts.Correct > 0 ? 1.0 : 0, Guessed: ChanceCurve.OfProblem(problem.Chance, problem.Counts.Samples)))
            .ToArray();
        return new ChanceSolved(
            ChanceCount.Of(guessed.Select(problem => (1.0, problem.Guessed)), confidence),
            ChanceCount.Of(guessed, confidence),
            PoissonBinomial.Of(guessed.Select(problem => problem.Guessed)).AtLeast(guessed.Count(problem => problem.Belongs > 0)));
    }
}
