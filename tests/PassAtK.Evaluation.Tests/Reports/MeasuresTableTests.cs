using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports;

public class MeasuresTableTests
{
    [Fact]
    public void Further_measures_fit_80_columns_and_leave_out_what_counts_alone_cannot_say()
    {
        var counts = RunReport.Of(new RunOutcome("counts", PairedRuns.Base)).Measures!;
        Assert.Equal((null, null, null), (counts.Answers, counts.Lengths, counts.Exploration));
        var bare = MeasuresTable.Render(counts);
        Assert.DoesNotContain("answers", bare, StringComparison.Ordinal);

        var run = new RunOutcome("run", PairedRuns.Of(2, 1, 2))
        {
            Answers = [new("p0", [new("4", 1, true), new("5", 1, false)], 0), new("p1", [new("7", 2, true)], 0), new("elsewhere", [], 1)],
            Lengths = [new("p0", [40], [30]), new("p1", [10, 20], []), new("elsewhere", [], [9_000])],
            Exploration = [ProblemExploration.Of("p0", [[1, 2], [1, 3]]), ProblemExploration.Of("p1", [[1, 2, 3], [4, 5, 6]])],
        };
        var table = MeasuresTable.Render(RunReport.Of(run).Measures!);
        Assert.Contains("answers   1.5 [1.0, 2.0] different answers a problem\n", table, StringComparison.Ordinal);
        Assert.Contains("length    25.0 [", table, StringComparison.Ordinal);
        // 23.3 of three correct samples; the wrong one alone has no spread.
        Assert.Contains("correct 23.3 [", table, StringComparison.Ordinal);
        Assert.Contains(", wrong 30.0 [30.0, 30.0]\n", table, StringComparison.Ordinal);
        Assert.Contains("explored  70.0% [", table.Replace("70.0 [", "70.0% [", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All((bare + table).Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void A_comparison_tells_how_much_less_the_other_explores()
    {
        RunOutcome Run(string name, bool spread) => new(name, PairedRuns.Of(2, 1, 1))
        {
            Exploration =
            [
                ProblemExploration.Of("p0", [[1, 2], spread ? [3, 4] : [1, 2]]),
                ProblemExploration.Of("p1", [[1, 2], spread ? [5, 4] : [1, 2]]),
            ],
        };
        var report = ComparisonReport.Of(Run("base", spread: true), Run("rl", spread: false));
        // Three rows of four tokens against two of four.
        Assert.Equal(new MeanEstimate(-0.25, -0.25, -0.25), report.ExplorationDifference);
        Assert.Contains(
            "explored   base 75.0 [75.0, 75.0], other 50.0 [50.0, 50.0],\n           other - base -25.0 [-25.0, -25.0]\n"
            + "           different beginnings in 100 tokens: 100 where no samples start alike\n",
            ComparisonTable.Render(report), StringComparison.Ordinal);
    }
}
