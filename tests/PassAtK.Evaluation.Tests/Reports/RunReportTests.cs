using PassAtK.Engine;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports;

public class RunReportTests
{
    // Two problems with equal counts: intervals have no width, and every number below follows by hand.
    private static readonly RunOutcome Small = new("small", PairedRuns.Of(4, 2, 2))
    {
        Sharing = new SharingCounts(100, 25),
        Finish = new FinishCounts(7, 1, 1),
        Chance = new Dictionary<string, double> { ["p0"] = 0.5, ["p1"] = 0 },
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
                  "low": 0.5,
                  "high": 0.5
                },
                {
                  "k": 2,
                  "estimate": 0.8333333333333333,
                  "low": 0.8333333333333333,
                  "high": 0.8333333333333333
                },
                {
                  "k": 4,
                  "estimate": 1,
                  "low": 1,
                  "high": 1
                }
              ],
              "chance": [
                {
                  "k": 1,
                  "estimate": 0.25
                },
                {
                  "k": 2,
                  "estimate": 0.375
                },
                {
                  "k": 4,
                  "estimate": 0.46875
                }
              ],
              "sharing": {
                "sampledTokens": 100,
                "computedRows": 25,
                "exploration": 0.25
              },
              "finish": {
                "stop": 7,
                "length": 1,
                "wrongAndLength": 1,
                "lengthShare": 0.125,
                "lengthShareOfWrong": 0.25
              },
              "interval": {
                "method": "percentile bootstrap over problems",
                "resamples": 10000,
                "confidence": 0.95,
                "seed": 0
              }
            }
            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), RunReport.Of(Small).ToJson());
    }

    [Fact]
    public void What_is_not_known_is_null_in_the_JSON()
    {
        var json = RunReport.Of(new RunOutcome("bare", PairedRuns.Of(1, 1))).ToJson();
        Assert.Contains("\"chance\": null,\n  \"sharing\": null,\n  \"finish\": null,", json, StringComparison.Ordinal);
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
            percent, [95% intervals] by percentile bootstrap over problems

             k  pass@k                 chance
             1    50.0  [50.0,  50.0]    25.0
             2    83.3  [83.3,  83.3]    37.5
             4   100.0 [100.0, 100.0]    46.9

            sharing  4.00 sampled tokens per computed row (exploration 25.0%)
            finish   12.5% of samples were cut at the token limit, 25.0% of the wrong ones

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), ReportTable.Render(RunReport.Of(Small)));
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
    public void A_problem_without_its_chance_is_refused_by_name()
    {
        var run = Small with { Chance = new Dictionary<string, double> { ["p0"] = 0.5 } };
        Assert.Equal(
            "problem 'p1' has no chance of a blind guess, expected one for every problem.",
            Assert.Throws<InputException>(() => RunReport.Of(run)).Message);
    }
}
