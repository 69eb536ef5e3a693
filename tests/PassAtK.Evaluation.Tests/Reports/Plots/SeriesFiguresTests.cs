using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Findings;
using PassAtK.Evaluation.Reports.Plots;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports.Plots;

public class SeriesFiguresTests
{
    private static readonly BootstrapSettings Few = new() { Resamples = 200 };

    private static readonly ReportedRun[] Runs =
    [
        Run("base", PairedRuns.Base),
        Run("step 50", [.. PairedRuns.Base.Zip(
            PairedRuns.Other, (left, right) => new ProblemCounts(left.Id, left.Samples, (left.Correct + right.Correct) / 2))]),
        Run("step 100", PairedRuns.Other),
    ];

    private static readonly SeriesReport Report = SeriesReport.Of([.. Runs.Select(run => run.Outcome)], Few);

    [Fact]
    public void Curves_and_differences_have_the_numbers_of_the_JSON_bit_for_bit()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        var comparisons = json.RootElement.GetProperty("comparisons");
        AssertPoints("pass-at-k", "base", json.RootElement.GetProperty("base"));
        AssertPoints("pass-at-k", "step 50", comparisons[0].GetProperty("otherIntervals"));
        AssertPoints("pass-at-k", "step 100", comparisons[1].GetProperty("otherIntervals"));
        AssertPoints("difference", "step 50 − base", comparisons[0].GetProperty("difference"));
        AssertPoints("difference", "step 100 − base", comparisons[1].GetProperty("difference"));
    }

    [Fact]
    public void Figures_of_a_pair_are_drawn_with_a_line_for_each_run()
    {
        var figures = SeriesFigures.Of(Report, Runs);
        Assert.Equal(["pass-at-k", "difference", "above-chance", "accuracy", "perplexity"], figures.Select(figure => figure.Name));
        foreach (var figure in figures)
        {
            var drawing = XDocument.Parse(figure.Plot.Render(PlotSize.Wide)).Root!;
            Assert.All(Runs.Skip(1), run => Assert.Contains(run.Outcome.Name, drawing.ToString(), StringComparison.Ordinal));
        }
        var pair = ReportFigures.Of(ComparisonReport.Of(Runs[0].Outcome, Runs[2].Outcome, Few), Runs[0], Runs[2]);
        foreach (var name in new[] { "accuracy", "above-chance" })
        {
            var rows = figures.Single(figure => figure.Name == name).Numbers.Rows.Where(row => (string?)row[0] != "step 50");
            Assert.Equal(pair.Single(figure => figure.Name == name).Numbers.Rows, rows);
        }
    }

    [Fact]
    public void Perplexities_of_scored_samples_are_drawn_and_infinite_ones_said()
    {
        var figure = SeriesFigures.Of(Report, Runs).Single(figure => figure.Name == "perplexity");
        // Half a nat a token of the base, a quarter under the base of the scored run; step 100 has a sample that the base cannot say.
        Assert.Equal(
            ["base,base", "step 50,base", "step 50,step 50", "step 100,base", "step 100,step 100"],
            figure.Numbers.Rows.Select(row => $"{row[0]},{row[1]}"));
        Assert.Equal(Math.Exp(0.5), (double)figure.Numbers.Rows[0][2]!, 1e-12);
        Assert.Equal(Math.Exp(0.25), (double)figure.Numbers.Rows[1][2]!, 1e-12);
        Assert.Null(figure.Numbers.Rows[3][2]);
        Assert.Contains("step 100, under base: infinite", figure.Plot.Render(PlotSize.Wide), StringComparison.Ordinal);
        Assert.Equal(4, XDocument.Parse(figure.Plot.Render(PlotSize.Narrow)).Descendants().Count(element =>
            element.Attribute("class")?.Value.StartsWith("line ", StringComparison.Ordinal) == true));
    }

    [Fact]
    public void Every_run_of_the_longest_series_has_a_colour_of_its_own()
    {
        var lines = Enumerable.Range(0, SeriesReport.MostRuns).Select(run => SvgStyle.Line(run, isForecast: false)).ToArray();
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.Equal(lines.Length, lines.Select(line => line.Split("stroke=\"")[1][..7]).Distinct().Count());
    }

    [Fact]
    public void Each_run_is_told_of_as_it_would_be_beside_the_first_alone()
    {
        var texts = SeriesFindings.Of(Report, Runs, ["step 50: other"]).Select(finding => finding.Text).ToArray();
        foreach (var comparison in Report.Comparisons)
            Assert.All(LeadFindings.Of(comparison), finding => Assert.Contains(finding.Text, texts));
        Assert.Contains("step 50: other", texts);
        Assert.Contains(texts, text => text.StartsWith("2 runs are compared with base, each by itself", StringComparison.Ordinal));
    }

    private static void AssertPoints(string figure, string series, JsonElement expected)
    {
        var lines = SeriesFigures.Of(Report, Runs).Single(one => one.Name == figure).Numbers.ToCsv().Split('\n');
        Assert.Equal(
            expected.EnumerateArray().Select(point =>
                new[] { "k", "estimate", "low", "high" }.Select(name => point.GetProperty(name).GetDouble()).ToArray()),
            lines.Where(line => line.StartsWith(series + ",", StringComparison.Ordinal))
                .Select(line => line.Split(',')[1..].Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray()));
    }

    private static ReportedRun Run(string name, IReadOnlyList<ProblemCounts> problems) => new(new RunOutcome(name, problems)
    {
        Chance = problems.ToDictionary(problem => problem.Id, _ => 0.001),
        Likelihoods =
        [
            .. problems.Select((problem, index) => new ProblemLikelihoods(
                problem.Id, [new SampleLikelihood(2, true, -1, name == "step 100" && index == 0 ? double.NaN : -0.5)])),
        ],
    });
}
