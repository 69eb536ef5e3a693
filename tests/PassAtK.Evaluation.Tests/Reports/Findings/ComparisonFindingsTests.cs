using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Findings;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports.Findings;

/// <summary>Each rule on both sides of its condition: the reports are real ones with one number replaced.</summary>
public class ComparisonFindingsTests
{
    private static readonly ReportedRun Base = new(new RunOutcome("base", PairedRuns.Base));

    private static readonly ReportedRun Other = new(new RunOutcome("other", PairedRuns.Other));

    private static readonly ComparisonReport Report =
        ComparisonReport.Of(Base.Outcome, Other.Outcome, new BootstrapSettings { Resamples = 500 });

    [Theory]
    [InlineData(0.001, 0.2, FindingKind.Shown, "With one try other leads: it solves ")]
    [InlineData(0, 0.2, FindingKind.Open, "With one try neither can be said to lead")]
    [InlineData(-0.1, 0.1, FindingKind.Open, "With one try neither can be said to lead")]
    [InlineData(-0.2, 0, FindingKind.Open, "With one try neither can be said to lead")]
    [InlineData(-0.2, -0.001, FindingKind.Shown, "With one try base leads: it solves ")]
    public void A_lead_is_told_only_where_the_interval_excludes_zero(double low, double high, FindingKind kind, string start)
    {
        var difference = Report.Difference.ToArray();
        difference[0] = new CurvePoint(1, (low + high) / 2, low, high);
        AssertSingle(Report with { Difference = difference }, kind, start);
    }

    [Fact]
    public void A_base_that_leads_is_told_with_the_sign_turned()
    {
        var difference = Report.Difference.ToArray();
        difference[^1] = new CurvePoint(512, -0.25, -0.3, -0.2);
        var text = AssertSingle(Report with { Difference = difference }, FindingKind.Shown, "With 512 tries base leads: ");
        Assert.EndsWith("; base minus other: +25.0 points [+20.0, +30.0].", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.0, 300.0, FindingKind.Shown, "The curves cross at k = 11.9 (95% interval 2.0 to 300)")]
    [InlineData(1.0, 300.0, FindingKind.Open, "The curves cross at k = 11.9, but the 95% interval goes from 1 to 300: base may be")]
    [InlineData(2.0, null, FindingKind.Open, "The curves cross at k = 11.9, but the 95% interval starts at 2.0 and ends beyond")]
    [InlineData(null, null, FindingKind.Open, "The curves cross at k = 11.9, but the 95% interval ends beyond the 512 tries")]
    public void A_crossover_is_shown_only_where_its_whole_interval_was_sampled(double? low, double? high, FindingKind kind, string start) =>
        AssertSingle(Report with { Crossover = new CrossoverReport(11.87, low, high) }, kind, start);

    [Theory]
    [InlineData("otherAheadAtEnd", true, FindingKind.Shown, "No crossover within k = 512: base does not overtake other. What happens")]
    [InlineData("otherAheadAtEnd", false, FindingKind.Open, "No crossover within k = 512: base does not overtake other, but other")]
    [InlineData("baseAheadThroughout", true, FindingKind.Shown, "There is no crossover within k = 512: other is ahead nowhere.")]
    [InlineData("baseAheadThroughout", false, FindingKind.Open, "There is no crossover within k = 512: other is ahead nowhere, but")]
    [InlineData("identical", true, FindingKind.Shown, "The two curves are the same at every k up to 512.")]
    public void Where_there_is_no_crossover_the_limits_say_how_sure_that_is(string outcome, bool settled, FindingKind kind, string start) =>
        AssertSingle(
            Report with { Crossover = null, CrossoverSearch = new CrossoverSearch(outcome, 512, 0, 0.5, 0.5, settled) }, kind, start);

    [Theory]
    [InlineData(0.049, FindingKind.Shown, "With 512 tries base leads: ")]
    [InlineData(0.0501, FindingKind.Open, "With 512 tries it is not settled who leads (other minus base: -37.0 points")]
    public void A_lead_with_all_samples_is_told_only_where_the_exact_test_agrees(double p, FindingKind kind, string start)
    {
        var contested = Report with { Solvable = Report.Solvable with { McNemarP = p } };
        AssertSingle(contested, kind, start);
        AssertSingle(contested, FindingKind.Shown, "With one try other leads: ");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1)]
    public void Several_crossings_are_told(int changes, int expected)
    {
        var findings = Findings(Report with { CrossoverSearch = Report.CrossoverSearch with { SignChanges = changes } });
        Assert.Equal(expected, findings.Count(finding => finding.Text.StartsWith("The lead changes hands 3", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0.049, FindingKind.Shown, "base solves more of the problems with 512 tries each: only base 30, only other 10")]
    [InlineData(0.0501, FindingKind.Open, "Which of the two solves more problems with 512 tries each is not settled: only base 30")]
    [InlineData(null, FindingKind.Open, "Solved with 512 tries each: only base 30")]
    public void Who_solves_more_is_told_only_where_the_exact_test_says_so(double? p, FindingKind kind, string start) => AssertSingle(
        Report with { Solvable = Report.Solvable with { BaseOnly = 30, OtherOnly = 10, McNemarP = p } }, kind, start);

    [Fact]
    public void Solving_nothing_new_still_allows_some()
    {
        var none = Report.Solvable with { OtherOnly = 0, OtherOnlyShare = new ShareEstimate(0, 0, 0.036) };
        AssertSingle(
            Report with { Solvable = none }, FindingKind.Open, "That other solves nothing new here with 512 tries each still allows up to 3.6%");
        Assert.DoesNotContain(
            Findings(Report with { Solvable = none with { OtherOnly = 1 } }),
            finding => finding.Text.Contains("nothing new", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.01, 0.1, FindingKind.Shown, "Blind guessing reaches 40.0% with 512 tries; base is above it (base minus guessing: +5.5 points")]
    [InlineData(-0.01, 0.1, FindingKind.Caution, "Blind guessing reaches 40.0% with 512 tries; base cannot be told from that")]
    [InlineData(-0.1, -0.01, FindingKind.Caution, "Blind guessing reaches 40.0% with 512 tries, more than base")]
    public void Luck_is_told_from_skill_by_the_interval_alone(double low, double high, FindingKind kind, string start)
    {
        var above = new AboveChanceReport(
            [new CurvePoint(512, (low + high) / 2, low, high)], null, null, null, new CatchUpSearch("found", 512, 1, 0, 0));
        AssertSingle(Report with { BaseAboveChance = above, Chance = [.. Report.K.Select(_ => 0.4)] }, kind, start);
        Assert.DoesNotContain(Findings(Report), finding => finding.Text.Contains("guessing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(29, 1)]
    [InlineData(30, 0)]
    public void Few_problems_are_told(int problems, int expected) => Assert.Equal(
        expected,
        Findings(Report with { Problems = problems }).Count(finding => finding.Text.Contains("are few", StringComparison.Ordinal)));

    [Theory]
    [InlineData(0.01, 0.07, "about ±1.0 points at k = 1, to ±7.0 at k = 512, where it is worst; smaller effects cannot be seen there.")]
    [InlineData(0.01, 0.005, "about ±1.0 points at k = 1, nowhere worse; smaller effects cannot be seen there.")]
    public void How_finely_effects_can_be_told_is_said_with_the_k_at_which_it_holds(double first, double last, string end)
    {
        CurvePoint[] difference = [new(1, 0.1, 0.1 - first, 0.1 + first), new(512, -0.2, -0.2 - last, -0.2 + last)];
        var report = Report with
        {
            K = [1, 512],
            Difference = difference,
            BaseIntervals = [Report.BaseIntervals[0], Report.BaseIntervals[^1]],
            OtherIntervals = [Report.OtherIntervals[0], Report.OtherIntervals[^1]],
        };
        var text = AssertSingle(report, FindingKind.Limit, "With 100 problems a difference is known to about ");
        Assert.EndsWith(end, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_differ_and_problems_that_were_dropped_are_told()
    {
        var findings = ComparisonFindings.Of(Report with { DroppedBase = 3 }, Base, Other, ["The runs differ in temperature: 1 and 0.6."]);
        Assert.Contains(new Finding(FindingKind.Caution, "The runs differ in temperature: 1 and 0.6."), findings);
        Assert.Contains(new Finding(FindingKind.Caution, "Only common problems count: 3 of base and 0 of other are left out."), findings);
        Assert.DoesNotContain(Findings(Report), finding => finding.Text.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Dropped_problems_are_put_down_to_the_run_that_is_not_finished()
    {
        var findings = Findings(Report with { DroppedOther = 179, BaseLeftOut = new LeftOut(3, 0, 176, 240) });
        Assert.Contains(
            new Finding(
                FindingKind.Caution,
                "Only common problems count: 0 of base and 179 of other are left out; base is not finished and lacks 179 of its own."),
            findings);
        Assert.Contains(
            new Finding(
                FindingKind.Caution,
                "base is not finished: 179 of its 240 problems do not count (3 not fully sampled, 176 without a graded sample). The "
                + "samples that finish first are not a random subset, so these numbers may not be those of the whole run. Run the "
                + "command that made it again to finish it."),
            findings);
        Assert.DoesNotContain(Findings(Report), finding => finding.Text.Contains("not finished", StringComparison.Ordinal));
        Assert.Null(LeftOut.Of(0, 0, 0, 240));
    }

    [Fact]
    public void What_such_data_never_show_is_always_said()
    {
        string[] limits = [.. Findings(Report).Where(finding => finding.Kind == FindingKind.Limit).Select(finding => finding.Text)];
        Assert.Contains(limits, text => text.Contains("another training run", StringComparison.Ordinal));
        Assert.Contains(limits, text => text.Contains("reasoning", StringComparison.Ordinal));
    }

    private static IReadOnlyList<Finding> Findings(ComparisonReport report) => ComparisonFindings.Of(report, Base, Other, []);

    private static string AssertSingle(ComparisonReport report, FindingKind kind, string start)
    {
        var finding = Assert.Single(Findings(report), finding => finding.Text.StartsWith(start, StringComparison.Ordinal));
        Assert.Equal(kind, finding.Kind);
        return finding.Text;
    }
}
