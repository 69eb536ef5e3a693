namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>What several runs show, each against the first, by the rules of a pair.</summary>
public static class SeriesFindings
{
    /// <param name="report">The numbers.</param>
    /// <param name="runs">All runs, the first the base.</param>
    /// <param name="differences">One sentence for each setting in which a run differs from the first.</param>
    public static IReadOnlyList<Finding> Of(SeriesReport report, IReadOnlyList<ReportedRun> runs, IReadOnlyList<string> differences)
    {
        var first = report.Comparisons[0];
        return
        [
            .. SizeFindings.OfLeftOut(report.BaseName, first.BaseLeftOut),
            .. report.Comparisons.SelectMany(run => SizeFindings.OfLeftOut(run.OtherName, run.OtherLeftOut)),
            .. report.Comparisons.SelectMany(run => (IEnumerable<Finding>)
                [.. LeadFindings.Of(run), .. CrossoverFindings.Of(run), .. SolvableFindings.Of(run)]),
            .. ChanceFindings.Of(report.BaseName, first.BaseAboveChance, first.Chance?[^1]),
            .. report.Comparisons.SelectMany(run => ChanceFindings.Of(run.OtherName, run.OtherAboveChance, run.Chance?[^1])),
            .. ChanceFindings.OfGap(first.ChanceGap, report.Problems),
            Finding.Caution(
                $"{Figures.Plural(report.Comparisons.Count, "run")} are compared with {report.BaseName}, each by itself: of many such "
                    + $"intervals some miss by chance alone."),
            .. differences.Select(Finding.Caution),
            .. Dropped(report),
            .. report.Comparisons.Select(run => run.OtherName).Prepend(report.BaseName)
                .Zip(runs, (name, run) => SizeFindings.OfFinish(name, FinishReport.Of(run.Outcome.Finish, run.Outcome.Problems)))
                .SelectMany(findings => findings),
            .. SizeFindings.OfProblems(
                "a difference", report.Problems, [.. report.Comparisons.SelectMany(run => run.Difference)], first.Interval.Confidence),
            LimitFindings.OfPair,
            .. LimitFindings.OfAny(runs.All(run => run.Settings is not null)),
        ];
    }

    private static IEnumerable<Finding> Dropped(SeriesReport report)
    {
        if (report.Dropped.Any(count => count > 0))
        {
            yield return Finding.Caution(
                $"Only problems that all runs have count: {string.Join(", ", report.Dropped)} of the runs, in their order, are left out"
                    + (IsUnfinished(report) ? ", some because a run is not finished." : "."));
        }
    }

    private static bool IsUnfinished(SeriesReport report) =>
        report.Comparisons[0].BaseLeftOut is not null || report.Comparisons.Any(run => run.OtherLeftOut is not null);
}
