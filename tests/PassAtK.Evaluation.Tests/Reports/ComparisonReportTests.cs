using System.Text.Json;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports;

public class ComparisonReportTests
{
    private static readonly RunOutcome Base = new("base", PairedRuns.Base);
    private static readonly RunOutcome Other = new("rl", PairedRuns.Other);

    [Fact]
    public void The_JSON_has_the_documented_fields()
    {
        // A single problem: every number but the limits, which other tests hold, follows by hand.
        const string Expected = """
            {
              "baseName": "left",
              "otherName": "right",
              "problems": 1,
              "droppedBase": 1,
              "droppedOther": 0,
              "k": [
                1,
                2
              ],
              "base": [
                0.5,
                1
              ],
              "other": [
                0,
                0
              ],
              "baseIntervals": [
                {
                  "k": 1,
                  "estimate": 0.5,
                  "low": 0,
                  "high": 0
                },
                {
                  "k": 2,
                  "estimate": 1,
                  "low": 0,
                  "high": 0
                }
              ],
              "otherIntervals": [
                {
                  "k": 1,
                  "estimate": 0,
                  "low": 0,
                  "high": 0
                },
                {
                  "k": 2,
                  "estimate": 0,
                  "low": 0,
                  "high": 0
                }
              ],
              "difference": [
                {
                  "k": 1,
                  "estimate": -0.5,
                  "low": 0,
                  "high": 0
                },
                {
                  "k": 2,
                  "estimate": -1,
                  "low": 0,
                  "high": 0
                }
              ],
              "majAtK": null,
              "chance": [
                0.25,
                0.4375
              ],
              "chanceGap": null,
              "baseAboveChance": {
                "difference": [
                  {
                    "k": 1,
                    "estimate": 0.25,
                    "low": 0,
                    "high": 0
                  },
                  {
                    "k": 2,
                    "estimate": 0.5625,
                    "low": 0,
                    "high": 0
                  }
                ],
                "upTo": null,
                "belowFrom": null,
                "catchUp": null,
                "catchUpSearch": {
                  "outcome": "aboveAtEnd",
                  "withinK": 2,
                  "signChanges": 0,
                  "shareAboveNowhere": 0,
                  "shareAboveAtEnd": 0
                }
              },
              "otherAboveChance": {
                "difference": [
                  {
                    "k": 1,
                    "estimate": -0.25,
                    "low": 0,
                    "high": 0
                  },
                  {
                    "k": 2,
                    "estimate": -0.4375,
                    "low": 0,
                    "high": 0
                  }
                ],
                "upTo": null,
                "belowFrom": null,
                "catchUp": null,
                "catchUpSearch": {
                  "outcome": "aboveNowhere",
                  "withinK": 2,
                  "signChanges": 0,
                  "shareAboveNowhere": 0,
                  "shareAboveAtEnd": 0
                }
              },
              "chanceSolved": {
                "all": {
                  "problems": 1,
                  "expected": 0.4375,
                  "low": 0,
                  "high": 1
                },
                "base": {
                  "problems": 1,
                  "expected": 0.4375,
                  "low": 0,
                  "high": 1
                },
                "other": {
                  "problems": 0,
                  "expected": 0,
                  "low": 0,
                  "high": 0
                },
                "both": {
                  "problems": 0,
                  "expected": 0,
                  "low": 0,
                  "high": 0
                },
                "baseOnly": {
                  "problems": 1,
                  "expected": 0.4375,
                  "low": 0,
                  "high": 1
                },
                "otherOnly": {
                  "problems": 0,
                  "expected": 0,
                  "low": 0,
                  "high": 0
                },
                "neither": {
                  "problems": 0,
                  "expected": 0,
                  "low": 0,
                  "high": 0
                },
                "asManyAsBase": 0.4375,
                "asManyAsOther": 1
              },
              "baseEntropy": null,
              "otherEntropy": null,
              "perplexity": null,
              "scoreGap": null,
              "crossover": null,
              "crossoverSearch": {
                "outcome": "baseAheadThroughout",
                "withinK": 2,
                "signChanges": 0,
                "shareBaseAhead": 0,
                "shareOtherAhead": 0,
                "settled": false
              },
              "solvable": {
                "both": 0,
                "baseOnly": 1,
                "otherOnly": 0,
                "neither": 0,
                "mcNemarP": 1,
                "baseOnlyShare": {
                  "estimate": 1,
                  "low": 0.025,
                  "high": 1
                },
                "otherOnlyShare": {
                  "estimate": 0,
                  "low": 0,
                  "high": 0.975
                },
                "triesFewest": 2,
                "triesMost": 2
              },
              "samplingEfficiencyGap": {
                "k": 2,
                "estimate": 1,
                "low": 0,
                "high": 0
              },
              "interval": {
                "method": "Bayesian bootstrap over problems",
                "resamples": 10000,
                "confidence": 0.95,
                "seed": 0
              }
            }
            """;
        var report = ComparisonReport.Of(
            new RunOutcome("left", PairedRuns.Of(2, 1, 2)) { Chance = new Dictionary<string, double> { ["p0"] = 0.25 } },
            new RunOutcome("right", PairedRuns.Of(2, 0)));
        // The limits of the one-problem shares come from an iteration; compare them to 12 digits.
        var json = report.ToJson();
        Assert.Equal(0.025, report.Solvable.BaseOnlyShare.Low, 1e-12);
        Assert.Equal(0.975, report.Solvable.OtherOnlyShare.High, 1e-12);
        json = json.Replace(Number(report.Solvable.BaseOnlyShare.Low), "0.025", StringComparison.Ordinal)
            .Replace(Number(report.Solvable.OtherOnlyShare.High), "0.975", StringComparison.Ordinal);
        Assert.Equal(Expected.ReplaceLineEndings("\n"), DocumentedJson.Of(json));

        static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_crossover_is_an_object_with_its_limits()
    {
        using var json = JsonDocument.Parse(ComparisonReport.Of(Base, Other).ToJson());
        var crossover = json.RootElement.GetProperty("crossover");
        Assert.Equal(11.87190193327539, crossover.GetProperty("k").GetDouble(), 1e-9);
        Assert.True(crossover.GetProperty("low").GetDouble() < 11 && crossover.GetProperty("high").GetDouble() > 13);
        Assert.Equal("found", json.RootElement.GetProperty("crossoverSearch").GetProperty("outcome").GetString());
    }

    [Fact]
    public void The_table_fits_80_columns_and_says_it_all()
    {
        const string Expected = """
            base   base
            other  rl
            100 common problems, k up to 512
            percent, [95% intervals] by Bayesian bootstrap over problems

               k  base                other                diff                 chance
               1   9.4  [7.7,  11.1]   24.7 [19.1, 30.8]  +15.3 [+11.2, +19.8]     0.4
               2  17.1 [14.2,  20.2]   34.2 [27.2, 41.6]  +17.0 [+12.7, +21.8]     0.8
               4  29.0 [24.3,  33.7]   42.8 [34.8, 51.3]  +13.9  [+9.7, +18.3]     1.6
               8  43.7 [37.5,  50.1]   49.4 [40.7, 58.3]   +5.7  [+1.7,  +9.7]     3.2
              16  57.9 [51.0,  65.0]   53.7 [44.7, 63.0]   -4.2  [-8.5,   0.0]     6.2
              32  69.4 [62.5,  76.2]   56.5 [47.2, 65.9]  -12.9 [-18.2,  -8.0]    12.0
              64  78.3 [71.8,  84.5]   58.2 [48.8, 67.7]  -20.1 [-26.6, -14.0]    22.6
             128  85.4 [79.9,  90.6]   59.2 [49.9, 68.7]  -26.2 [-33.6, -19.1]    40.1
             256  91.6 [87.5,  95.3]   60.0 [50.5, 69.5]  -31.7 [-39.9, -23.6]    64.2
             512  98.0 [95.0, 100.0]   61.0 [52.0, 71.0]  -37.0 [-46.0, -28.0]    87.2

            crossover  k* = 11.9 [9.0, 16.0]: from there on the base is ahead
                       resamples: base ahead throughout 0.0%, not ahead at the end 0.0%
            solvable   with 512 tries each; McNemar p = 1.5e-11
                       both 61, only base 37, only other 0, neither 2;
                       only base 37.0% [27.6, 47.2], only other 0.0% [0.0, 3.6] of problems
                       only base: p23 36/512, p12 26/512, p66 23/512, p20 21/512,
                                   p74 19/512, p28 17/512, p55 16/512, p82 15/512,
                                   p9 14/512, p63 12/512, 27 more in --json
                       look at one with `passatk export RUN --problem ID`
            chance     base:  above chance at k = 1 to 512
                              chance does not catch up within k = 512
                       other: above chance at k = 1 to 128, below it at k = 512
                              chance catches up at k = 228 [173, 297]
                       solved by blind guessing with as many tries, mean and [95% range]:
                         all         87.2 [80, 93] of 100
                         base        85.4 [79, 92] of 98
                         other       53.2 [48, 58] of 61
                         both        53.2 [48, 58] of 61
                         only base   32.2 [28, 36] of 37
                         only other  0.0 [0, 0] of 0
                         neither     1.7 [1, 2] of 2
                       guessing solves 98 or more, as base, with P = 1.3e-4;
                       61 or more, as other, with P = 1.000
            gap        base pass@512 - other pass@1 = +73.3 [+66.9, +79.3]
                       what 512 tries of base reach beyond one try of other

            """;
        var table = ComparisonTable.Render(ComparisonReport.Of(
            Base with { Chance = PairedRuns.Base.ToDictionary(problem => problem.Id, _ => 0.004) }, Other));
        Assert.Equal(WithoutLimits.Of(Expected.ReplaceLineEndings("\n")), WithoutLimits.Of(table));
        Assert.All(table.Split('\n'), line => Assert.True(line.Length <= 80));
    }

    [Fact]
    public void Without_a_crossover_the_table_says_why_and_dropped_problems_are_told()
    {
        var swapped = ComparisonTable.Render(ComparisonReport.Of(Other, Base with { Problems = [.. PairedRuns.Base.Skip(3)] }));
        Assert.Contains("97 common problems, k up to 512; dropped: 3 only in base, 0 only in other\n", swapped, StringComparison.Ordinal);
        Assert.Contains(
            "crossover  none within k = 512: the base is not ahead at the end\n"
            + "           resamples: base ahead throughout 0.0%, not ahead at the end 100.0%\n",
            swapped, StringComparison.Ordinal);
        var same = ComparisonTable.Render(ComparisonReport.Of(Base, Base));
        Assert.Contains("crossover  none within k = 512: the curves are the same\n", same, StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_limit_and_expected_counts_are_written_as_such()
    {
        var table = ComparisonTable.Render(ComparisonReport.Of(
            new RunOutcome("base", PairedRuns.Of(8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2)),
            new RunOutcome("other", PairedRuns.Of(10, 5, 5, 5, 5, 5, 5, 5, 5, 1, 0))));
        Assert.Contains(", > 8]: from there on the base is ahead", table, StringComparison.Ordinal);
        // One correct of ten is found among eight with probability 0.8.
        Assert.Contains(
            "solvable   with 8 tries each, expected numbers: n differ; no McNemar p\n"
            + "           both 8.8, only base 1.2, only other 0, neither 0;\n", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Either_run_may_tell_a_chance_and_what_is_still_missing_is_named_in_the_order_of_the_base()
    {
        var (left, right) = (new RunOutcome("l", PairedRuns.Of(2, 2, 1, 0, 2)), new RunOutcome("r", PairedRuns.Of(2, 0, 0, 1)));
        var known = new Dictionary<string, double> { ["p0"] = 0.25, ["p1"] = 0.5 };
        var rest = new Dictionary<string, double> { ["p1"] = 0.5 + 1e-12, ["p2"] = 0 };
        var report = ComparisonReport.Of(left with { Chance = known }, right with { Chance = rest });
        Assert.Null(report.ChanceGap);
        Assert.Equal(0.25, report.Chance![0], 1e-15);

        var gap = ComparisonReport.Of(left with { Chance = known }, right);
        Assert.Equal(new ChanceGap(1, 0, "p2"), gap.ChanceGap);
        Assert.Null(gap.Chance);
        Assert.Null(gap.ChanceSolved);
        Assert.Contains(
            "chance     1 of 3 problems has no `chance`,\n           so no chance line is drawn; first: p2\n",
            ComparisonTable.Render(gap), StringComparison.Ordinal);

        var different = ComparisonReport.Of(
            left with { Chance = known }, right with { Chance = new Dictionary<string, double>(rest) { ["p1"] = 0.4 } });
        Assert.Equal(new ChanceGap(0, 1, "p1"), different.ChanceGap);
        Assert.Contains(
            "1 of 3 problems has another `chance` in each run,\n           so no chance line is drawn; first: p1\n",
            ComparisonTable.Render(different), StringComparison.Ordinal);
        var both = ComparisonReport.Of(
            left with { Chance = known }, right with { Chance = new Dictionary<string, double> { ["p1"] = 0.4 } });
        Assert.Equal(new ChanceGap(1, 1, "p1"), both.ChanceGap);
        Assert.Contains(
            "2 of 3 problems have no `chance` or another in each run,\n", ComparisonTable.Render(both), StringComparison.Ordinal);
        Assert.All(ComparisonTable.Render(both).Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Where_n_differ_the_table_leaves_out_how_likely_guessing_does_as_well()
    {
        var table = ComparisonTable.Render(ComparisonReport.Of(
            new RunOutcome("base", PairedRuns.Of(8, 1, 0)) { Chance = new Dictionary<string, double> { ["p0"] = 0.5, ["p1"] = 0 } },
            new RunOutcome("other", PairedRuns.Of(2, 0, 0))));
        // One correct of eight is found among two with probability 1/4; guessing finds it with 3/4.
        Assert.Contains("only base   0.2 [0, 1] of 0.3\n", table, StringComparison.Ordinal);
        Assert.DoesNotContain("or more", table, StringComparison.Ordinal);
    }
}
