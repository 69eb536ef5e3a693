using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports;

public class RunReportTests
{
    // Two problems with equal counts: every number but the limits, which other tests hold, follows by hand.
    private static readonly RunOutcome Small = new("small", PairedRuns.Of(4, 2, 2))
    {
        Sharing = new SharingCounts(100, 25),
        Finish = new FinishCounts(7, 1, 1),
        Chance = new Dictionary<string, double> { ["p0"] = 0.5, ["p1"] = 0.5 },
    };

    [Fact]
    public void The_JSON_has_the_documented_fields()
    {
        const string Expected = """
            {
              "name": "small",
              "problems": 2,
              "samples": 4,
              "samplesMost": 4,
              "samplesTotal": 8,
              "passAtK": [
                {
                  "k": 1,
                  "estimate": 0.5,
                  "low": 0,
                  "high": 0
                },
                {
                  "k": 2,
                  "estimate": 0.8333333333333333,
                  "low": 0,
                  "high": 0
                },
                {
                  "k": 4,
                  "estimate": 1,
                  "low": 0,
                  "high": 0
                }
              ],
              "majAtK": null,
              "chance": [
                {
                  "k": 1,
                  "estimate": 0.5
                },
                {
                  "k": 2,
                  "estimate": 0.75
                },
                {
                  "k": 4,
                  "estimate": 0.9375
                }
              ],
              "chanceGap": null,
              "aboveChance": {
                "difference": [
                  {
                    "k": 1,
                    "estimate": 0,
                    "low": 0,
                    "high": 0
                  },
                  {
                    "k": 2,
                    "estimate": 0.08333333333333326,
                    "low": 0,
                    "high": 0
                  },
                  {
                    "k": 4,
                    "estimate": 0.0625,
                    "low": 0,
                    "high": 0
                  }
                ],
                "upTo": null,
                "belowFrom": null,
                "catchUp": null,
                "catchUpSearch": {
                  "outcome": "aboveAtEnd",
                  "withinK": 4,
                  "signChanges": 0,
                  "shareAboveNowhere": 0,
                  "shareAboveAtEnd": 0
                }
              },
              "chanceSolved": {
                "ofAll": {
                  "problems": 2,
                  "expected": 1.875,
                  "low": 1,
                  "high": 2
                },
                "ofSolved": {
                  "problems": 2,
                  "expected": 1.875,
                  "low": 1,
                  "high": 2
                },
                "atLeastAsMany": 0.87890625
              },
              "sharing": {
                "sampledTokens": 100,
                "computedRows": 25,
                "exploration": 0.25
              },
              "entropy": null,
              "finish": {
                "stop": 7,
                "length": 1,
                "wrongAndLength": 1,
                "lengthShare": 0.125,
                "lengthShareOfWrong": 0.25
              },
              "interval": {
                "method": "Bayesian bootstrap over problems",
                "resamples": 10000,
                "confidence": 0.95,
                "seed": 0
              }
            }
            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), DocumentedJson.Of(RunReport.Of(Small).ToJson()));
    }

    [Fact]
    public void What_is_not_known_is_null_in_the_JSON()
    {
        var json = RunReport.Of(new RunOutcome("bare", PairedRuns.Of(1, 1))).ToJson();
        Assert.Contains(
            "\"majAtK\": null,\n  \"chance\": null,\n  \"chanceGap\": null,\n  \"aboveChance\": null,\n  \"chanceSolved\": null,\n"
            + "  \"sharing\": null,\n  \"entropy\": null,\n  \"finish\": null,",
            json, StringComparison.Ordinal);
        // Nothing is wrong, so nothing can be said about what share of it was cut.
        var solved = RunReport.Of(new RunOutcome("solved", PairedRuns.Of(2, 2)) { Finish = new(2, 0, 0), Sharing = new(0, 0) }).ToJson();
        Assert.Contains("\"lengthShareOfWrong\": null", solved, StringComparison.Ordinal);
        Assert.Contains("\"exploration\": null", solved, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_is_aligned_and_tells_sharing_and_truncation()
    {
        const string Expected = """
            small: 2 problems, 4 samples each
            percent, [95% intervals] by Bayesian bootstrap over problems;
            standard errors by source, between problems and within them

             k  pass@k                 chance  above                   between  within
             1    50.0  [7.9,  92.1]    50.0    0.0 [-84.2, +84.2]      0.0    20.4
             2    83.3 [13.2,  97.4]    75.0   +8.3 [-82.9, +85.5]      0.0    11.8
             4   100.0 [15.8, 100.0]    93.8   +6.3 [-83.2, +85.2]      0.0    17.1

            chance   not told apart from chance at any k
                     chance does not catch up within k = 4
                     solved 2 of 2; blind guessing with as many tries would solve
                     1.9 [1, 2] of all 2 and 1.9 [1, 2] of those 2,
                     mean and [95% range] of one run, and 2 or more with P = 0.879
            sharing  4.00 sampled tokens per computed row (exploration 25.0%)
            finish   12.5% of samples were cut at the token limit, 25.0% of the wrong ones

            """;
        Assert.Equal(WithoutLimits.Of(Expected.ReplaceLineEndings("\n")), WithoutLimits.Of(ReportTable.Render(RunReport.Of(Small))));
    }

    [Fact]
    public void A_ragged_run_says_where_k_ends()
    {
        var report = RunReport.Of(new RunOutcome("ragged", [new("a", 3, 1), new("b", 9, 1)]));
        Assert.Equal((3, 9, 12L), (report.Samples, report.SamplesMost, report.SamplesTotal));
        Assert.StartsWith("ragged: 2 problems, 3 to 9 samples each (k ends at 3)\n", ReportTable.Render(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 1, 2, "2 samples are counted as wrong and cut, expected 0 to 1.")]
    [InlineData(3, 5, 5, "5 samples are counted as wrong and cut, expected 0 to 4.")]
    [InlineData(-1, 1, 1, "the finish counts are -1 stop and 1 length, expected 0 or more.")]
    public void Finish_counts_that_contradict_are_refused(long stop, long length, long wrongAndLength, string message)
    {
        var run = Small with { Finish = new FinishCounts(stop, length, wrongAndLength) };
        Assert.Equal(message, Assert.Throws<InputException>(() => RunReport.Of(run)).Message);
    }

    [Fact]
    public void Chances_are_matched_by_id()
    {
        var report = RunReport.Of(new RunOutcome("matched", PairedRuns.Of(4, 0, 4, 0))
        {
            Chance = new Dictionary<string, double> { ["p2"] = 0, ["p1"] = 1, ["not sampled"] = 0.5, ["p0"] = 0 },
        });
        Assert.All(report.AboveChance!.Difference, point => Assert.Equal(0.0, point.Estimate));
        Assert.Equal((1.0, 1.0), (report.ChanceSolved!.OfSolved.Expected, report.ChanceSolved.OfAll.Expected));
    }

    [Theory]
    [InlineData("first: p1\n", "2 of 3 problems have no `chance`", "p0")]
    [InlineData("first: p0\n", "1 of 3 problems has no `chance`", "p1", "p2")]
    public void Where_some_problems_lack_a_chance_no_line_is_drawn_and_the_first_is_named(
        string first, string sentence, params string[] known)
    {
        var run = new RunOutcome("gap", PairedRuns.Of(4, 2, 2, 1)) { Chance = known.ToDictionary(id => id, _ => 0.5) };
        var report = RunReport.Of(run);
        Assert.Null(report.Chance);
        Assert.Null(report.AboveChance);
        Assert.Null(report.ChanceSolved);
        Assert.Equal(3 - known.Length, report.ChanceGap!.Missing);
        var table = ReportTable.Render(report);
        Assert.EndsWith($"\n\nchance   {sentence},\n         so no chance line is drawn; {first}", table, StringComparison.Ordinal);
        Assert.Single(ChartSeries.Of(report));
    }

    [Fact]
    public void Where_no_problem_has_a_chance_nothing_is_said_of_it()
    {
        var report = RunReport.Of(Small with { Chance = new Dictionary<string, double> { ["not sampled"] = 0.5 } });
        Assert.Null(report.ChanceGap);
        Assert.DoesNotContain("chance", ReportTable.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_says_where_a_model_falls_below_chance_and_fits_80_columns()
    {
        // Solves a half of the problems always, guessing any with 2%: level at k = ln 0.5 / ln 0.98 = 34.3.
        var problems = PairedRuns.Of(1_024, [.. Enumerable.Range(0, 2_000).Select(i => i % 2 * 1_024)]);
        var table = ReportTable.Render(RunReport.Of(
            new RunOutcome("half", problems) { Chance = problems.ToDictionary(problem => problem.Id, _ => 0.02) },
            new BootstrapSettings { Resamples = 1_000 }));
        Assert.Contains(
            "above chance at k = 1 to 32, below it at k = 64 to 1024\n         chance catches up at k = 34.3 [", table, StringComparison.Ordinal);
        Assert.Contains("solved 1000 of 2000; blind", table, StringComparison.Ordinal);
        Assert.Contains("2000.0 [2000, 2000] of all 2000 and 1000.0 [1000, 1000] of those 1000", table, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Below_chance_throughout_and_not_told_apart_are_said_as_such()
    {
        Assert.Contains("below chance at k = 1 to 4\n         chance is ahead throughout\n", Table(new int[40]), StringComparison.Ordinal);
        Assert.Contains("and 0 or more with P = 1.000\n", Table(new int[40]), StringComparison.Ordinal);
        Assert.Contains("not told apart from chance at any k\n", Table(0, 4), StringComparison.Ordinal);

        static string Table(params int[] correct) => ReportTable.Render(RunReport.Of(
            new RunOutcome("run", PairedRuns.Of(4, correct)) { Chance = Enumerable.Range(0, 40).ToDictionary(i => $"p{i}", _ => 0.25) }));
    }
}
