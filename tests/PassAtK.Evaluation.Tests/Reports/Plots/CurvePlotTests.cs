using System.Globalization;
using System.Xml.Linq;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Evaluation.Tests.Reports.Plots;

public class CurvePlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly CurvePlot Plot = new()
    {
        Label = "a plot of <two> & \"more\"",
        Series =
        [
            new("first", [.. Enumerable.Range(0, 11).Select(i => new PlotPoint(1 << i, i / 10.0, Math.Max(0, (i - 1) / 10.0), Math.Min(1, (i + 1) / 10.0)))], 0),
            new("chance", [.. Enumerable.Range(0, 11).Select(i => new PlotPoint(1 << i, i / 40.0))], null),
        ],
        Across = "k",
        Upward = "pass@k",
        Mark = new PlotMark("k* = 32", 32, 16, 64),
    };

    public static TheoryData<int, int> Sizes => new()
    {
        { PlotSize.Wide.Width, PlotSize.Wide.Height },
        { PlotSize.Column.Width, PlotSize.Column.Height },
        { PlotSize.Narrow.Width, PlotSize.Narrow.Height },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Everything_lies_within_the_drawing_and_no_label_of_an_axis_covers_another(int width, int height)
    {
        var svg = XElement.Parse(Plot.Render(new PlotSize(width, height)));
        Assert.Equal($"0 0 {width} {height}", (string?)svg.Attribute("viewBox"));
        Assert.Equal("a plot of <two> & \"more\"", (string?)svg.Attribute("aria-label"));
        foreach (var attribute in svg.Descendants().Attributes())
        {
            if (attribute.Name.LocalName is "x" or "x1" or "x2" or "cx")
                Assert.InRange(Number(attribute), 0, width);
            if (attribute.Name.LocalName is "y" or "y1" or "y2" or "cy")
                Assert.InRange(Number(attribute), 0, height);
        }
        var rungs = svg.Elements(Svg + "text").Where(text => int.TryParse(text.Value, out _)).OrderBy(text => Number(text.Attribute("x")!)).ToArray();
        Assert.Equal("1024", rungs[^1].Value);
        Assert.All(rungs.Zip(rungs.Skip(1)), pair => Assert.True(
            Number(pair.Second.Attribute("x")!) - Number(pair.First.Attribute("x")!) > (8 * (pair.First.Value.Length + pair.Second.Value.Length) / 2) - 4));
    }

    [Fact]
    public void Points_are_even_in_log_k_and_values_are_linear()
    {
        var svg = XElement.Parse(Plot.Render(PlotSize.Wide));
        // The legend's marker comes before those of the curve.
        var markers = svg.Elements(Svg + "circle").Skip(1).Select(circle => (X: Number(circle.Attribute("cx")!), Y: Number(circle.Attribute("cy")!))).ToArray();
        Assert.Equal(11, markers.Length);
        for (var i = 1; i + 1 < markers.Length; i++)
        {
            Assert.Equal(markers[i].X - markers[i - 1].X, markers[i + 1].X - markers[i].X, 0.05);
            Assert.Equal(markers[i].Y - markers[i - 1].Y, markers[i + 1].Y - markers[i].Y, 0.05);
        }
        // The mark at 32 stands where the curve's point at 32 does, its interval from 16 to 64.
        var mark = svg.Elements(Svg + "line").Single(line => (string?)line.Attribute("class") == "mark");
        var band = svg.Elements(Svg + "rect").Single(rectangle => (string?)rectangle.Attribute("class") == "markband");
        Assert.Equal(markers[5].X, Number(mark.Attribute("x1")!), 0.02);
        Assert.Equal(markers[4].X, Number(band.Attribute("x")!), 0.02);
        Assert.Equal(markers[6].X - markers[4].X, Number(band.Attribute("width")!), 0.03);
    }

    [Fact]
    public void An_interval_without_upper_limit_reaches_the_right_end()
    {
        var plot = new CurvePlot { Label = "", Series = Plot.Series, Across = "k", Upward = "", Mark = new PlotMark("k*", 512, 256, null) };
        var svg = XElement.Parse(plot.Render(PlotSize.Wide));
        var band = svg.Elements(Svg + "rect").Single(rectangle => (string?)rectangle.Attribute("class") == "markband");
        var end = svg.Elements(Svg + "circle").Max(circle => Number(circle.Attribute("cx")!));
        Assert.Equal(end, Number(band.Attribute("x")!) + Number(band.Attribute("width")!), 0.02);
    }

    [Fact]
    public void One_k_and_equal_values_can_be_drawn()
    {
        var plot = new CurvePlot { Label = "", Series = [new("one", [new PlotPoint(1, 0, 0, 0)], 0)], Across = "k", Upward = "" };
        var text = plot.Render(PlotSize.Narrow);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.Single(XElement.Parse(text).Elements(Svg + "circle").Skip(1));
    }

    [Fact]
    public void Differences_are_told_in_points_with_their_sign_and_shares_in_percent()
    {
        PlotSeries[] series = [new("d", [new PlotPoint(1, 0.1, 0.05, 0.15), new PlotPoint(2, -0.2, -0.25, -0.15)], 0)];
        string[] Texts(bool isSigned) => [.. XElement.Parse(
            new CurvePlot { Label = "", Series = series, Across = "k", Upward = "", IsSigned = isSigned }.Render(PlotSize.Wide))
            .Descendants().Where(element => element.Name.LocalName is "text" or "title").Select(element => element.Value)];

        Assert.Contains("+10", Texts(true));
        Assert.Contains("0", Texts(true));
        Assert.Contains("−20", Texts(true));
        Assert.Contains("2\nd: -20.0 points [-25.0, -15.0]", Texts(true));
        Assert.DoesNotContain(Texts(true), text => text.Contains('%', StringComparison.Ordinal));
        Assert.Contains("10%", Texts(false));
        Assert.Contains("1\nd: 10.0% [5.0%, 15.0%]", Texts(false));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 0.003)]
    [InlineData(-0.547, 0.147)]
    [InlineData(0, 181)]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    public void Ticks_are_round_few_and_enclose_all_values(double low, double high)
    {
        var scale = new ValueScale(low, high, 0, 100);
        Assert.True(scale.Ticks[0] <= low + 1e-12 && scale.Ticks[^1] >= high - 1e-12);
        Assert.InRange(scale.Ticks.Count, 2, 9);
        Assert.Contains(scale.Ticks, tick => Math.Abs(tick) < 1e-12);
        Assert.Equal(0, scale.At(scale.Ticks[^1]), 1e-9);
        Assert.Equal(100, scale.At(scale.Ticks[0]), 1e-9);
    }

    private static double Number(XAttribute attribute) => double.Parse(attribute.Value, CultureInfo.InvariantCulture);
}
