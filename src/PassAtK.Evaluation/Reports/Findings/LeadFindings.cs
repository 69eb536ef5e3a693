using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>
/// Who leads at the first and at the last k. A lead is told only where its interval excludes zero; at the largest k of all also the exact
/// test of the problems that one run alone solves has to tell the runs apart, which of few such problems is the one to believe.
/// </summary>
internal static class LeadFindings
{
    public static IEnumerable<Finding> Of(ComparisonReport report)
    {
        yield return At(report, 0);
        if (report.K.Count > 1)
            yield return At(report, report.K.Count - 1);
        if (report.SamplingEfficiencyGap is { K: > 1 } gap)
        {
            var (many, one) = ($"pass@{gap.K} of {report.BaseName}", $"pass@1 of {report.OtherName}");
            if (gap.Low > 0)
                yield return Finding.Shown($"One try of {report.OtherName} is short of what {report.BaseName} reaches with {gap.K} "
                    + $"tries ({Phrases.Difference(many, one, gap)}).");
            else if (gap.High < 0)
                yield return Finding.Shown($"One try of {report.OtherName} beats even {gap.K} tries of {report.BaseName} ("
                    + $"{Phrases.Difference(one, many, Phrases.Reversed(gap))}).");
        }
    }

    private static Finding At(ComparisonReport report, int rung)
    {
        var difference = report.Difference[rung];
        var (left, right) = (report.BaseIntervals[rung], report.OtherIntervals[rung]);
        var tries = Phrases.Tries(difference.K);
        if ((difference.Low > 0 || difference.High < 0) && Doubt(report, difference.K) is { } p)
        {
            return Finding.Open(
                $"With {tries} it is not settled who leads ({Phrases.Difference(report.OtherName, report.BaseName, difference)}): the "
                    + $"problems that only one of the two solves do not tell them apart in an exact test (McNemar p = {Figures.PValue(p)}).");
        }
        if (difference.Low > 0)
            return Lead(report.OtherName, right, report.BaseName, left, difference);
        if (difference.High < 0)
            return Lead(report.BaseName, left, report.OtherName, right, Phrases.Reversed(difference));
        return Finding.Open(
            $"With {tries} neither can be said to lead: {report.BaseName} {Phrases.Share(left)}, {report.OtherName} "
                + $"{Phrases.Share(right)}; {Phrases.Difference(report.OtherName, report.BaseName, difference)}, which holds zero.");

        Finding Lead(string ahead, CurvePoint more, string behind, CurvePoint less, CurvePoint lead) => Finding.Shown(
            $"With {tries} {ahead} leads: it solves {Phrases.Share(more)} of problems, {behind} {Phrases.Share(less)}; "
                + $"{Phrases.Difference(ahead, behind, lead)}.");
    }

    // Where k takes all samples a problem is solved or not, and the test looks at the same difference.
    private static double? Doubt(ComparisonReport report, int k) =>
        k == report.CrossoverSearch.WithinK && report.Solvable.McNemarP >= 1 - report.Interval.Confidence ? report.Solvable.McNemarP : null;
}
