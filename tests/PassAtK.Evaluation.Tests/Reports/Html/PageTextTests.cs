using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Findings;
using PassAtK.Evaluation.Reports.Html;
using PassAtK.Evaluation.Reports.Plots;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports.Html;

/// <summary>How the page writes what people read beside the figures, and where it puts the figures.</summary>
public class PageTextTests
{
    [Theory]
    [InlineData("{\"numbers\":[4,8,5],\"target\":84}", "numbers: 4, 8, 5\ntarget: 84")]
    [InlineData(
        "{\"prompt\":\"def f():\\n\",\"setup\":\"\",\"test\":\"assert f()\\nassert g()\",\"entry_point\":null}",
        "prompt:\ndef f():\ntest:\nassert f()\nassert g()")]
    [InlineData("{\"a\":{\"b\":[true]}}", "a: {\"b\":[true]}")]
    [InlineData("\\frac{1}{2}", "\\frac{1}{2}")]
    [InlineData("{1, 2}", "{1, 2}")]
    [InlineData("{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud800\"}")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("42", "42")]
    [InlineData("", "")]
    public void A_reference_is_shown_as_people_read_it(string gold, string expected) => Assert.Equal(expected, ReferenceText.Of(gold));

    [Theory]
    [InlineData(new[] { 0.5, 0.25 }, "50.0%", "25.0%")]
    [InlineData(new[] { 0.002525, 0.0871, 0.00089 }, "0.25%", "8.71%", "0.09%")]
    [InlineData(new[] { 0.0, 0.01 }, "0.0%", "1.0%")]
    [InlineData(new[] { 0.0 }, "0.0%")]
    [InlineData(new[] { 1e-12, 0.5, 0.000_002 }, "<0.0001%", "50.0000%", "0.0002%")]
    public void Chances_of_a_page_have_as_many_decimals_each(double[] chances, params string[] expected)
    {
        var percent = new ChancePercent(chances.Cast<double?>().Append(null));
        Assert.Equal(expected, chances.Select(percent.Text));
    }

    [Fact]
    public void The_next_figure_goes_to_the_column_that_is_shorter_so_far()
    {
        var tall = new CurvePlot { Label = "", Series = [new("s", [new PlotPoint(1, 0.5)], 0)], Across = "k", Upward = "" };
        var flat = new SetsPlot { Label = "", Sets = [("all", 1, SetsPlot.Shared)] };
        ReportFigure Figure(string name, IPlot plot) => new(name, name, "", plot, new FigureNumbers([], []));

        var page = FigureColumns.Render(
            [Figure("first", tall), Figure("second", flat), Figure("third", tall), Figure("fourth", tall)],
            [Finding.Shown(new string('x', 300))]).Html;
        var places = page.Split("<div class=\"").Skip(2).Where(part => part.Contains("-column", StringComparison.Ordinal))
            .Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)]);
        // The first figure is taller than the words, so the flat figure follows the words; then both columns are about as long.
        Assert.Equal(["first-column", "second-column", "second-column", "second-column", "first-column"], places);
    }

    [Fact]
    public void Numbers_under_a_figure_have_its_unit_and_the_file_of_them_fractions()
    {
        var plot = new SetsPlot { Label = "", Sets = [("all", 1, SetsPlot.Shared)] };
        PlotSeries[] series = [new("s", [new PlotPoint(1, 0.1113, 0.05, 0.2), new PlotPoint(2, -0.5, -0.75, 0)], 0)];
        string Page(FigureNumbers numbers) =>
            FigurePart.Render(new ReportFigure("f", "f", "", plot, numbers)).Html.Replace("&#x2B;", "+", StringComparison.Ordinal);

        var points = FigureNumbers.OfSeries("k", series, FigureColumn.Points);
        Assert.Contains(
            "<th scope=\"col\">estimate, points</th><th scope=\"col\">low, points</th>", Page(points), StringComparison.Ordinal);
        Assert.Contains("<td>s</td><td>1</td><td>+11.13</td><td>+5.00</td><td>+20.00</td>", Page(points), StringComparison.Ordinal);
        Assert.Contains("<td>-50.00</td><td>-75.00</td><td>0.00</td>", Page(points), StringComparison.Ordinal);
        Assert.StartsWith(
            "series,k,estimate_fraction,low_fraction,high_fraction\ns,1,0.1113,0.05,0.2\n", points.ToCsv(), StringComparison.Ordinal);

        // Without intervals there are no columns for them.
        var bare = FigureNumbers.OfSeries("k", [new("s", [new PlotPoint(1, 0.25)], 0)]);
        Assert.Contains("<th scope=\"col\">estimate, %</th></tr>", Page(bare), StringComparison.Ordinal);
        Assert.Contains("<td>1</td><td>25.00</td></tr>", Page(bare), StringComparison.Ordinal);
        Assert.Equal("series,k,estimate_fraction\ns,1,0.25\n", bare.ToCsv());
    }

    [Fact]
    public void Who_solves_alone_is_told_with_its_number_of_tries_and_an_interval()
    {
        var key = KeyNumbersPart.Render(ComparisonReport.Of(
            new RunOutcome("base", PairedRuns.Base), new RunOutcome("rl", PairedRuns.Other),
            new BootstrapSettings { Resamples = 200 })).Html;
        Assert.Contains("<dt>solved by one alone, 512 tries each</dt>", key, StringComparison.Ordinal);
        Assert.Contains("<b>37</b> <span>37.0% [27.6, 47.2] only base</span>", key, StringComparison.Ordinal);
        Assert.Contains("<b>0</b> <span>0.0% [0.0, 3.6] only rl</span>", key, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_a_tile_has_the_name_of_its_run_beside_the_colour()
    {
        var report = ComparisonReport.Of(
            new RunOutcome("a & b", [new ProblemCounts("p", 2, 1)]), new RunOutcome("other", [new ProblemCounts("p", 2, 2)]));
        Assert.Contains("aria-label=\"a &amp; b\"><title>a &amp; b</title>", KeyNumbersPart.Render(report).Html, StringComparison.Ordinal);
    }
}
