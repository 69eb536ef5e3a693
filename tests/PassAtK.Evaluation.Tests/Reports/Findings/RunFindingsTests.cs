using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Findings;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports.Findings;

public class RunFindingsTests
{
    [Fact]
    public void The_first_sentence_tells_both_ends_of_the_curve_with_their_intervals() => Assert.Equal(
        new Finding(
            FindingKind.Shown,
            "A sample of run is correct with probability 50.0% [7.9, 92.1], and at least one of 4 samples is correct for "
            + "100.0% [15.8, 100.0] of problems (2 problems, 8 samples)."),
        Of(new RunOutcome("run", PairedRuns.Of(4, 2, 2)))[0]);

    [Fact]
    public void An_unsolved_problem_is_not_called_unsolvable()
    {
        // No success in 256: 1 - 0.05^(1/256) = 1.1634%.
        var finding = Assert.Single(Of(new RunOutcome("run", PairedRuns.Of(256, 0, 0, 1))), Tells);
        Assert.Equal(FindingKind.Limit, finding.Kind);
        Assert.Equal(
            "run never solved 2 problems. That does not show that it cannot: with no success in 256 samples the chance of one try may "
            + "still be up to 1.16%.",
            finding.Text);
        Assert.DoesNotContain(Of(new RunOutcome("run", PairedRuns.Of(256, 1, 1))), Tells);

        static bool Tells(Finding finding) => finding.Text.Contains("never solved", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(4, FindingKind.Limit, "The token limit cut 4 of 200 samples of run, too few to change much.")]
    [InlineData(
        5, FindingKind.Caution,
        "The token limit cut 2.5% of the samples of run and 5.0% of the wrong ones: with a higher limit some of them might have been right.")]
    public void Truncation_is_a_caution_from_a_twentieth_of_the_wrong_samples_on(int cut, FindingKind? kind, string? text)
    {
        // 200 samples, 100 of them wrong.
        var findings = Of(new RunOutcome("run", PairedRuns.Of(100, 50, 50)) { Finish = new FinishCounts(200 - cut, cut, cut) });
        var told = findings.SingleOrDefault(finding => finding.Text.Contains("token limit", StringComparison.Ordinal));
        Assert.Equal((kind, text), (told?.Kind, told?.Text));
    }

    [Fact]
    public void A_missing_chance_is_told()
    {
        var findings = Of(new RunOutcome("run", PairedRuns.Of(4, 2, 2)) { Chance = new Dictionary<string, double> { ["p1"] = 0.5 } });
        Assert.Contains(findings, finding => finding.Kind == FindingKind.Caution
            && finding.Text.StartsWith("1 of 2 problems has no `chance`", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_counts_from_elsewhere_it_is_said_that_nothing_is_known_of_the_sampling() => Assert.Contains(
        Of(new RunOutcome("run", PairedRuns.Of(4, 2))),
        finding => finding.Text.StartsWith("The numbers come from counts", StringComparison.Ordinal));

    private static IReadOnlyList<Finding> Of(RunOutcome run) =>
        RunFindings.Of(RunReport.Of(run, new BootstrapSettings { Resamples = 200 }), new ReportedRun(run));
}
