namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>What a comparison shows and does not, in plain words. Each rule is a function of the numbers alone.</summary>
public static class ComparisonFindings
{
    /// <param name="report">The numbers.</param>
    /// <param name="base">The base run.</param>
    /// <param name="other">The other run.</param>
    /// <param name="differences">One sentence for each setting in which the runs differ.</param>
    public static IReadOnlyList<Finding> Of(
        ComparisonReport report, ReportedRun @base, ReportedRun other, IReadOnlyList<string> differences) =>
    [
        .. SizeFindings.OfLeftOut(report.BaseName, report.BaseLeftOut),
        .. SizeFindings.OfLeftOut(report.OtherName, report.OtherLeftOut),
        .. LeadFindings.Of(report),
        .. CrossoverFindings.Of(report),
        .. SolvableFindings.Of(report),
        .. ChanceFindings.Of(report.BaseName, report.BaseAboveChance, report.Chance?[^1]),
        .. ChanceFindings.Of(report.OtherName, report.OtherAboveChance, report.Chance?[^1]),
        .. ChanceFindings.OfGap(report.ChanceGap, report.Problems),
        .. differences.Select(difference => Finding.Caution($"{difference}")),
        .. Dropped(report),
        .. SizeFindings.OfFinish(report.BaseName, Finish(@base)),
        .. SizeFindings.OfFinish(report.OtherName, Finish(other)),
        .. SizeFindings.OfProblems("a difference", report.Problems, report.Difference, report.Interval.Confidence),
        LimitFindings.OfPair,
        .. LimitFindings.OfAny(@base.Settings is not null && other.Settings is not null),
    ];

    private static IEnumerable<Finding> Dropped(ComparisonReport report)
    {
        if (report.DroppedBase + report.DroppedOther > 0)
        {
            yield return Finding.Caution(
                $"Only common problems count: {report.DroppedBase} of {report.BaseName} and {report.DroppedOther} of {report.OtherName} "
                    + $"are left out{Why(report.BaseName, report.BaseLeftOut)}{Why(report.OtherName, report.OtherLeftOut)}.");
        }
    }

    // What the one lacks is dropped of the other.
    private static string Why(string name, LeftOut? leftOut) =>
        leftOut is null ? "" : $"; {name} is not finished and lacks {leftOut.Problems} of its own";

    private static FinishReport? Finish(ReportedRun run) => FinishReport.Of(run.Outcome.Finish, run.Outcome.Problems);
}
