using System.Globalization;

namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>Whether one run solves problems that the other does not, and how much of that luck would do.</summary>
internal static class SolvableFindings
{
    public static IEnumerable<Finding> Of(ComparisonReport report)
    {
        var sets = report.Solvable;
        var (first, second) = (Figures.Count(sets.BaseOnly), Figures.Count(sets.OtherOnly));
        var significance = 1 - report.Interval.Confidence;
        var tries = $"with {Figures.Tries(sets)}";
        var counts = $"only {report.BaseName} {first}, only {report.OtherName} {second}, both {Figures.Count(sets.Both)}, neither "
            + $"{Figures.Count(sets.Neither)} of {report.Problems}";
        if (sets.McNemarP is not { } p)
        {
            yield return Finding.Open(
                $"Solved {tries}: {counts}. The runs have different numbers of samples, so these are expected numbers of problems "
                    + $"and no exact test is made.");
        }
        else if (p < significance)
        {
            var more = sets.BaseOnly > sets.OtherOnly ? report.BaseName : report.OtherName;
            yield return Finding.Shown($"{more} solves more of the problems {tries}: {counts} (exact McNemar p = "
                + $"{Figures.PValue(p)}).");
        }
        else
        {
            yield return Finding.Open(
                $"Which of the two solves more problems {tries} is not settled: {counts} (exact McNemar p = {Figures.PValue(p)}).");
        }
        if (sets.OtherOnly == 0)
        {
            yield return Finding.Open(
                $"That {report.OtherName} solves nothing new here {tries} still allows up to "
                    + $"{Figures.Percent(sets.OtherOnlyShare.High)}% of such problems where these come from.");
        }
        if (report.ChanceSolved is { BaseOnly: { Problems: > 0 } luck })
        {
            yield return Finding.Caution(
                $"Of the {Figures.Count(luck.Problems)} problems that {report.BaseName} solves and {report.OtherName} does not, blind "
                    + $"guessing {tries} would solve {luck.Expected.ToString("0.0", CultureInfo.InvariantCulture)} on average "
                    + $"({Figures.Confidence(report.Interval)} of guessing runs: {luck.Low} to {luck.High}). A verifier that reads "
                    + $"answers alone cannot tell these from insight.");
        }
    }
}
