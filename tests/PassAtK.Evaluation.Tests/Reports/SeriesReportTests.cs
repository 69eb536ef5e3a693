using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Html;
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
            "base is the base of step 50, step 100\n100 common problems, k up to 512\n", table, StringComparison.Ordinal);
        Assert.Contains("\nstep 100 - base\n    difference at k = 1: +15.3 [", table, StringComparison.Ordinal);
        Assert.Matches("\n +k +base +step 50 +step 100\n", table);
        Assert.Contains("    gap: base pass@512 - step 100 pass@1 = ", table, StringComparison.Ordinal);
        Assert.Contains("    crossover k* = 11.9 [", table, StringComparison.Ordinal);
        Assert.Contains(
            "    solved with 512 tries each; McNemar p = 1.5e-11\n      both 61, neither 2;\n"
            + "      only base 37, 37.0% [27.6, 47.2] of problems\n      only step 100 0, 0.0% [0.0, 3.6] of problems\n", table,
            StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Equal(3, ChartSeries.Of(SeriesReport.Of([Base, Between, Trained])).Count);
    }

    [Fact]
    public void Every_run_has_its_interval_at_every_k_in_blocks_of_at_most_120_columns()
    {
        RunOutcome[] runs =
        [
            Base with { Chance = Base.Problems.ToDictionary(problem => problem.Id, _ => 0.25) },
            .. Enumerable.Range(1, 7).Select(step => Trained with { Name = $"a checkpoint, step {step}" }),
        ];
        var report = SeriesReport.Of(runs);
        var lines = SeriesTable.Render(report).Split('\n');
        Assert.All(lines.Skip(1), line => Assert.True(line.Length <= 120, line));
        var headings = lines.Where(line => line.TrimStart().StartsWith("k ", StringComparison.Ordinal)).ToArray();
        Assert.InRange(headings.Length, 2, 3);
        Assert.EndsWith("chance", headings[^1], StringComparison.Ordinal);
        Assert.All(runs, run => Assert.Single(headings, heading => heading.Contains(run.Name, StringComparison.Ordinal)));
        foreach (var k in report.K)
        {
            var rows = lines.Where(line => line.TrimStart().StartsWith($"{k} ", StringComparison.Ordinal)).ToArray();
            Assert.Equal(headings.Length, rows.Length);
            Assert.Equal(runs.Length, rows.Sum(row => row.Count(character => character == '[')));
        }
    }

    [Fact]
    public void At_fewer_k_than_samples_the_table_still_tells_with_how_many_tries_problems_are_solved()
    {
        var series = SeriesReport.Of([Base, Between, Trained], ks: [1, 4]);
        var table = SeriesTable.Render(series);
        Assert.Contains(", at k = 4: ", table, StringComparison.Ordinal);
        Assert.Contains("    solved with 512 tries each; McNemar p", table, StringComparison.Ordinal);
        Assert.Contains("    gap: base pass@512 - step 100 pass@1 = ", table, StringComparison.Ordinal);
        Assert.Contains(
            "<td>512 tries each<span class=\"under\"></span></td><td>37<span class=\"under\">37.0% [27.6, 47.2]</span></td>"
            + "<td>0<span class=\"under\">0.0% [0.0, 3.6]</span></td>",
            SeriesTablePart.Render(series).Html, StringComparison.Ordinal);
        Assert.Contains(">base pass@512 less the run&#x27;s pass@1<", SeriesTablePart.Render(series).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Scored_samples_have_their_perplexities_in_the_table_and_unscored_ones_the_command_that_scores_them()
    {
        var scored = Likely(Trained, scored: -0.5);
        var table = SeriesTable.Render(SeriesReport.Of([Likely(Base, null), scored, Likely(Between, scored: null)]));
        Assert.Contains("      base's samples under base: 1.284 [1.284, 1.284]\n", table, StringComparison.Ordinal);
        Assert.Contains("      step 100's samples under base: 1.649 [1.649, 1.649]\n", table, StringComparison.Ordinal);
        Assert.Contains("      step 100's samples under step 100: 1.284 [1.284, 1.284]\n", table, StringComparison.Ordinal);
        Assert.Contains(
            "    perplexity: 100 samples of step 50 lack a score under base; this makes them:\n"
            + "      passatk score 'my runs/step 50' --model models/base\n",
            table, StringComparison.Ordinal);

        // One token a sample, e^0.25 likely under its own model.
        static RunOutcome Likely(RunOutcome run, double? scored) => run with
        {
            Source = new RunSource($"my runs/{run.Name}", $"models/{run.Name}", run.Name),
            Likelihoods = [.. run.Problems.Select(problem => new ProblemLikelihoods(
                problem.Id, [new SampleLikelihood(1, true, -0.25, run.Name == "base" ? -0.25 : scored)]))],
        };
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
