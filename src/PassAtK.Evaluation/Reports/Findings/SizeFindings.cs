using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>What the number of problems and samples can support, and what was cut off.</summary>
internal static class SizeFindings
{
    // Below this the interval of a difference that few problems carry can miss the truth far too often (docs/coverage.md).
    private const int FewProblems = 30;
    private const double MuchOfTheWrong = 0.05;

    /// <param name="what">What the points are, as a sentence calls one of them.</param>
    /// <param name="problems">Over how many problems.</param>
    /// <param name="points">In order of k, a curve after the other.</param>
    /// <param name="confidence">Of the intervals.</param>
    public static IEnumerable<Finding> OfProblems(
        string what, int problems, IReadOnlyList<CurvePoint> points, double confidence)
    {
        if (problems < FewProblems)
            yield return Finding.Caution($"{Figures.Plural(problems, "problem")} are few: below {FewProblems} what a handful of problems "
                + $"decides may lie outside its interval more often than {Phrases.Outside(confidence)} of the time.");
        var (first, worst) = (points.Where(point => point.K == points[0].K).MaxBy(Half), points.MaxBy(Half));
        var elsewhere = Figures.Percent(Half(worst)) == Figures.Percent(Half(first))
            ? ", nowhere worse"
            : $", to ±{Figures.Percent(Half(worst))} at k = {Figures.Whole(worst.K)}, where it is worst";
        yield return Finding.Limit($"With {Figures.Plural(problems, "problem")} {what} is known to about ±{Figures.Percent(Half(first))} "
            + $"points at k = {Figures.Whole(first.K)}{elsewhere}; smaller effects cannot be seen there.");

        static double Half(CurvePoint point) => (point.High - point.Low) / 2;
    }

    /// <summary>What of an unfinished run does not count.</summary>
    public static IEnumerable<Finding> OfLeftOut(string name, LeftOut? leftOut)
    {
        if (leftOut is not null)
        {
            yield return Finding.Caution(
                $"{name} is not finished: {leftOut.Problems} of its {Figures.Plural(leftOut.OfProblems, "problem")} do not count "
                    + $"({leftOut.Why}). The samples that finish first are not a random subset, so these numbers may not be those of the "
                    + $"whole run. Run the command that made it again to finish it.");
        }
    }

    /// <summary>An unsolved problem is not an unsolvable one.</summary>
    public static IEnumerable<Finding> OfUnsolved(string name, IReadOnlyList<ProblemCounts> problems, double confidence)
    {
        var unsolved = problems.Where(problem => problem.Correct == 0).ToArray();
        if (unsolved.Length == 0)
            yield break;
        var samples = unsolved.Min(problem => problem.Samples);
        // Exact one-sided limit of a probability with no success in n trials: (1 - p)^n = 1 - confidence.
        var limit = 1 - Math.Pow(1 - confidence, 1.0 / samples);
        yield return Finding.Limit(
            $"{name} never solved {Figures.Plural(unsolved.Length, "problem")}. That does not show that it cannot: with no success in "
                + $"{Figures.Plural(samples, "sample")} the chance of one try may still be up to "
                + $"{(100 * limit).ToString("0.##", CultureInfo.InvariantCulture)}%.");
    }

    public static IEnumerable<Finding> OfFinish(string name, FinishReport? finish)
    {
        if (finish is not { Length: > 0, LengthShare: { } cut })
            yield break;
        var all = finish.Stop + finish.Length;
        var wrong = finish.LengthShareOfWrong is { } share ? $" and {Figures.Percent(share)}% of the wrong ones" : "";
        yield return finish.LengthShareOfWrong >= MuchOfTheWrong
            ? Finding.Caution($"The token limit cut {Figures.Percent(cut)}% of the samples of {name}{wrong}: with a higher limit some "
            + $"of them might have been right.")
            : Finding.Limit($"The token limit cut {finish.Length} of {all} samples of {name}, too few to change much.");
    }
}
