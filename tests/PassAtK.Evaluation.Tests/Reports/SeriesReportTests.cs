using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports;

public class SeriesReportTests
{
    private static readonly RunOutcome Base = new("base", PairedRuns.Base);
    private static readonly RunOutcome Trained = new("step 100", PairedRuns.Other);
    private static readonly RunOutcome Between = new("step 50", [.. PairedRuns.Base.Zip(
        PairedRuns.Other, (left, right) => new ProblemCounts(left.Id, left.Samples, (left.Correct + right.Correct) / 2))]);

    [Fact]
    public void Each_run_is_compared_with_the_first_as_it_would_be_alone()
    {
        var series = SeriesReport.Of([Base, Between, Trained]);
        Assert.Equal(ComparisonReport.Of(Base, Between).ToJson(), series.Comparisons[0].ToJson());
        Assert.Equal(ComparisonReport.Of(Base, Trained).ToJson(), series.Comparisons[1].ToJson());
        Assert.Equal(("base", 100, 512), (series.BaseName, series.Problems, series.K[^1]));
        Assert.Equal(["step 50", "step 100"], series.Names);
    }

    [Fact]
    public void All_runs_are_read_over_the_problems_and_k_that_they_share()
    {
        var fewer = Between with { Problems = [.. Between.Problems.Skip(10)] };
        var shorter = Trained with { Problems = [.. PairedRuns.Of(64, [.. Enumerable.Range(0, 95).Select(i => Math.Min(i, 64))])] };
        var series = SeriesReport.Of([Base, fewer, shorter]);
        Assert.Equal(85, series.Problems);
        Assert.Equal([15, 5, 10], series.Dropped);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64], series.K);
        Assert.All(series.Comparisons, comparison => Assert.Equal((85, 64), (comparison.Problems, comparison.CrossoverSearch.WithinK)));
        Assert.All(series.Comparisons, comparison => Assert.All(
            comparison.Base.Zip(series.Base), pair => Assert.Equal(pair.Second.Estimate, pair.First, 1e-12)));
        Assert.Contains(
            "85 common problems, k up to 64; dropped of each run: 15, 5, 10\n", SeriesTable.Render(series), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_column_and_a_paragraph_for_each_run_and_fits_80_columns()
    {
        var table = SeriesTable.Render(SeriesReport.Of([Base, Between, Trained]));
        Assert.StartsWith(
            "base   base\n1      step 50\n2      step 100\n100 common problems, k up to 512\n", table, StringComparison.Ordinal);
        Assert.Contains("\n2 - base  at k = 1: +15.3 [", table, StringComparison.Ordinal);
        Assert.Contains("    crossover k* = 11.9 [", table, StringComparison.Ordinal);
        Assert.Contains(
            "    solvable both 61, only base 37, only other 0, neither 2; McNemar p = 1.5e-11\n", table, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Equal(3, ChartSeries.Of(SeriesReport.Of([Base, Between, Trained])).Count);
    }

    [Fact]
    public void Runs_without_a_common_problem_and_too_many_runs_are_refused()
    {
        var elsewhere = new RunOutcome("elsewhere", [new("x", 1, 1)]);
        Assert.Equal(
            "the 3 runs have no problem in common, expected at least one.",
            Assert.Throws<InputException>(() => SeriesReport.Of([Base, Trained, elsewhere])).Message);
        Assert.Equal(
            "9 runs are to be compared, expected 2 to 8.",
            Assert.Throws<InputException>(() => SeriesReport.Of([.. Enumerable.Repeat(Base, 9)])).Message);
    }
}
