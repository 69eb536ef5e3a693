using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Plots;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tests.Estimation;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Reports.Plots;

public class ReportFiguresTests
{
    private static readonly BootstrapSettings Few = new() { Resamples = 200 };

    private static readonly ReportedRun Base = Run("the \"base\", <b>", PairedRuns.Base);

    private static readonly ReportedRun Other = Run("other", PairedRuns.Other);

    private static readonly ComparisonReport Report = ComparisonReport.Of(Base.Outcome, Other.Outcome, Few);

    [Fact]
    public void The_CSV_has_the_numbers_of_the_JSON_bit_for_bit()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        var difference = ReportFigures.Of(Report, Base, Other).Single(figure => figure.Name == "difference");
        var lines = difference.Numbers.ToCsv().TrimEnd('\n').Split('\n');
        Assert.Equal("series,k,estimate_fraction,low_fraction,high_fraction", lines[0]);
        Assert.Equal(json.RootElement.GetProperty("difference").GetArrayLength(), lines.Length - 1);
        foreach (var (line, point) in lines.Skip(1).Zip(json.RootElement.GetProperty("difference").EnumerateArray()))
        {
            var values = line.Split(',')[^4..].Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(
                [point.GetProperty("k").GetDouble(), point.GetProperty("estimate").GetDouble(), point.GetProperty("low").GetDouble(), point.GetProperty("high").GetDouble()],
                values);
        }
    }

    [Fact]
    public void A_text_with_quotes_commas_and_line_ends_stays_one_field() => Assert.Equal(
        "a,\"b,c\"\n\"say \"\"x\"\"\n\",0.1\n,-2\n",
        new FigureNumbers([new("a"), new("b,c")], [["say \"x\"\n", 0.1], [null, -2]]).ToCsv());

    [Fact]
    public void Every_figure_is_exported_as_well_formed_SVG_and_as_CSV()
    {
        using var folder = new TemporaryFolder();
        var figures = ReportFigures.Of(Report, Base, Other);
        Assert.Equal(
            ["pass-at-k", "difference", "solved", "above-chance", "accuracy", "exploration"], figures.Select(figure => figure.Name));
        ReportFigure.Export(figures, folder.File("svg"), folder.File("csv"));
        foreach (var figure in figures)
        {
            Assert.Equal("svg", XDocument.Load(Path.Combine(folder.File("svg"), figure.Name + ".svg")).Root!.Name.LocalName);
            Assert.Equal(figure.Numbers.ToCsv(), File.ReadAllText(Path.Combine(folder.File("csv"), figure.Name + ".csv")));
        }
    }

    [Fact]
    public void What_the_data_cannot_fill_is_left_out()
    {
        var bare = new ReportedRun(new RunOutcome("bare", PairedRuns.Base));
        Assert.Equal(["pass-at-k", "accuracy"], ReportFigures.Of(RunReport.Of(bare.Outcome, Few), bare).Select(figure => figure.Name));
    }

    [Fact]
    public void A_forecast_is_drawn_apart_from_what_was_measured_and_its_numbers_hold_nothing_measured()
    {
        var report = ComparisonReport.Of(Base.Outcome, Other.Outcome, Few, forecastTo: 2_048);
        var figure = ReportFigures.Of(report, Base, Other).Single(figure => figure.Name == "forecast");
        Assert.Equal(
            report.Forecast!.Other.Select(point => (object?)(double)point.K),
            figure.Numbers.Rows.Where(row => (string?)row[0] == "other, forecast").Select(row => row[1]));
        Assert.Contains("stroke-dasharray=\"3 6\"", figure.Plot.Render(PlotSize.Wide), StringComparison.Ordinal);
        Assert.DoesNotContain(ReportFigures.Of(Report, Base, Other), other => other.Name == "forecast");
    }

    [Theory]
    [InlineData(100, 0, 0)]
    [InlineData(100, 1, 1)]
    [InlineData(100, 9, 1)]
    [InlineData(100, 10, 2)]
    [InlineData(100, 99, 10)]
    [InlineData(100, 100, 11)]
    [InlineData(1, 1, 11)]
    [InlineData(3, 1, 4)]
    [InlineData(2_000_000_000, 1_999_999_999, 10)]
    public void A_problem_belongs_to_the_tenth_that_its_share_lies_in(int samples, int correct, int expected) =>
        Assert.Equal(expected, AccuracyClasses.Of(new ProblemCounts("p", samples, correct)));

    [Fact]
    public void Every_problem_is_in_one_class_of_accuracy() => Assert.Equal(100, AccuracyClasses.Count(PairedRuns.Other).Sum());

    [Fact]
    public void Exploration_sums_rows_and_tokens_over_doublings_of_depth()
    {
        var run = new ReportedRun(new RunOutcome("run", PairedRuns.Base))
        {
            Sharing = new SharingStatistics { TokensByDepth = [8, 8, 8, 4, 2], RowsByDepth = [1, 2, 6, 3, 2] },
        };
        var figure = ReportFigures.Of(RunReport.Of(run.Outcome, Few), run).Single(figure => figure.Name == "exploration");
        Assert.Equal("series,from,estimate_fraction\nrun,1,0.125\nrun,2,0.5\nrun,4,0.8333333333333334\n", figure.Numbers.ToCsv());
    }

    [Fact]
    public void Where_one_line_of_exploration_ends_early_the_caption_says_why()
    {
        var shorter = Other with { Sharing = new SharingStatistics { TokensByDepth = [8, 8, 1, 0], RowsByDepth = [1, 2, 1, 0] } };
        var longer = Base with { Sharing = new SharingStatistics { TokensByDepth = [8, 8, 8, 8], RowsByDepth = [1, 2, 4, 8] } };
        string Caption(ReportedRun first, ReportedRun second) =>
            ReportFigures.Of(Report, first, second).Single(figure => figure.Name == "exploration").Caption;

        Assert.EndsWith(
            "The line of other ends where its samples do: the longest has 3 tokens.", Caption(longer, shorter), StringComparison.Ordinal);
        Assert.DoesNotContain("The line of", Caption(longer, longer), StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_accuracy_are_named_as_shares_from_none_to_all()
    {
        Assert.Equal("0% >0% 10% 20%", string.Join(' ', AccuracyClasses.Names.Take(4).Select(name => name.Short)));
        Assert.Equal("100%", AccuracyClasses.Names[^1].Short);
        Assert.Equal("more than 0% to under 10% of samples correct", AccuracyClasses.Names[1].Long);
    }

    private static ReportedRun Run(string name, IReadOnlyList<ProblemCounts> problems) => new(new RunOutcome(name, problems)
    {
        Chance = problems.ToDictionary(problem => problem.Id, _ => 0.001),
    })
    {
        Sharing = new SharingStatistics { TokensByDepth = [8, 8], RowsByDepth = [1, 2] },
    };
}
