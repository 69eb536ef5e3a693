namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>What one run shows and does not, in plain words. Each rule is a function of the numbers alone.</summary>
public static class RunFindings
{
    public static IReadOnlyList<Finding> Of(RunReport report, ReportedRun run)
    {
        var (first, last) = (report.PassAtK[0], report.PassAtK[^1]);
        var reach = last.K == 1 ? "" : $", and at least one of {last.K} samples is correct for {Phrases.Share(last)} of problems";
        return
        [
            Finding.Shown($"A sample of {report.Name} is correct with probability {Phrases.Share(first)}{reach} "
                + $"({Figures.Plural(report.Problems, "problem")}, {report.SamplesTotal} samples)."),
            .. SizeFindings.OfLeftOut(report.Name, report.LeftOut),
            .. ChanceFindings.Of(report.Name, report.AboveChance, report.Chance?[^1].Estimate),
            .. ChanceFindings.OfGap(report.ChanceGap, report.Problems),
            .. SizeFindings.OfFinish(report.Name, report.Finish),
            .. SizeFindings.OfProblems("pass@k", report.Problems, report.PassAtK, report.Interval.Confidence),
            .. SizeFindings.OfUnsolved(report.Name, run.Outcome.Problems, report.Interval.Confidence),
            .. LimitFindings.OfAny(run.Settings is not null),
        ];
    }
}
