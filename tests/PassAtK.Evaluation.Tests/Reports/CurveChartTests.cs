using PassAtK.Engine;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Tests.Estimation;

namespace PassAtK.Evaluation.Tests.Reports;

public class CurveChartTests
{
    private static readonly ComparisonReport Report = ComparisonReport.Of(
        new RunOutcome("base", PairedRuns.Base) { Chance = PairedRuns.Base.ToDictionary(problem => problem.Id, _ => 0.004) },
        new RunOutcome("rl", PairedRuns.Other));

    [Fact]
    public void Two_curves_and_chance_are_drawn_in_braille()
    {
        const string Expected = """
            pass@k
            100% ┤                                                ⢀⣀⣠⠤⠴●
                 │                                        ⢀●⣠⠤⠴⠒⠚●⠉
                 │                                  ⣀●⠤⠖⠒⠋⠉           ⠂
             75% ┤                            ⢀●⠤⠖⠚⠉⠁               ⠁
                 │                        ⢀⣠⠴⠚⠉         ⣀⣀⣀○⣀⣀⣀⣀⣀○⣁⣀⣀⣠⠤○
                 │                   ⣀⣀⣀⡴⠾○⠴⠒⠒⠒○⠉⠉⠉⠉⠉○⠉⠉⠁     ⡀ ⠁
             50% ┤           ⢀○⡤⠤⠖⠒⢋○⠗⠋⠁                    ⡀
                 │     ⢀○⡤⠴⠒⠋⠉  ⣀⡴⠚⠉                      ⠄
             25% ┤○⣠⠤⠖⠋⠉    ⣀⡤●⠋⠁                       ⠂
                 │     ⢀●⠤⠖⠋⠁                     ⡀ ⠄ ⠁
                 │●⠤⠖⠚⠉⠉                    ⡀ ⠄ ⠂
              0% ┤⡀ ⡀ ⡀ ⡀ ⡀ ⠄ ⠄ ⠄ ⠄ ⠄ ⠂ ⠂ ⠁
                 └┬─────┬─────┬─────┬─────┬────┬─────┬─────┬─────┬─────┬
               k  1     2     4     8    16   32    64    128   256  512
                  ● base   ○ rl   ⠂⠐⠂ chance
            """;
        Assert.Equal(
            Expected.ReplaceLineEndings("\n") + "\n", new CurveChart { Width = 60, Height = 16 }.Render(ChartSeries.Of(Report)));
    }

    [Fact]
    public void The_ASCII_fallback_uses_ASCII_alone()
    {
        const string Expected = """
            pass@k
            100% +                                                   ***
                 |                                          **********
                 |                                   ********         .
             75% +                             *******              .
                 |                         *****           ooooooooooooo
                 |                   ooooooooooooooooooooooo  .
             50% +           ooooooooo**                    .
                 |     ooooooo  ****                      .
             25% +oooooo   ******                     . .
                 |    ******                    . . .
                 |*****                 . . . .
              0% +. . . . . . . . . . .
                 ++-----+-----+-----+-----+----+-----+-----+-----+-----+
               k  1     2     4     8    16   32    64    128   256  512
                  * base   o rl   . . chance
            """;
        var chart = new CurveChart { Width = 60, Height = 16, Ascii = true }.Render(ChartSeries.Of(Report));
        Assert.Equal(Expected.ReplaceLineEndings("\n") + "\n", chart);
        Assert.All(chart, letter => Assert.InRange(letter, '\n', '~'));
    }

    [Theory]
    [InlineData(40, 9)]
    [InlineData(47, 13)]
    [InlineData(80, 20)]
    [InlineData(200, 50)]
    public void A_chart_keeps_to_its_width_and_height(int width, int height)
    {
        var lines = new CurveChart { Width = width, Height = height }.Render(ChartSeries.Of(Report)).TrimEnd('\n').Split('\n');
        Assert.Equal(height, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length <= width && !line.EndsWith(' ')));
    }

    [Fact]
    public void Colours_wrap_curves_and_change_no_character()
    {
        var plain = new CurveChart().Render(ChartSeries.Of(Report));
        var coloured = new CurveChart().Render(ChartSeries.Of(Report, colours: true));
        Assert.Contains("\u001b[94m", coloured, StringComparison.Ordinal);
        Assert.Contains("\u001b[33m", coloured, StringComparison.Ordinal);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(coloured, "\u001b\\[\\d+m", ""));
        // Every line ends without colour.
        Assert.All(coloured.Split('\n').Where(line => line.Contains('\u001b')), line =>
            Assert.Equal("\u001b[0m", System.Text.RegularExpressions.Regex.Matches(line, "\u001b\\[\\d+m")[^1].Value));
    }

    [Fact]
    public void Low_curves_get_an_axis_of_their_own_size()
    {
        var chart = new CurveChart().Render([new ChartSeries("low", [(1, 0.001), (2, 0.015)])]);
        Assert.Contains("\n  2% ┤", chart, StringComparison.Ordinal);
        Assert.Contains("\n0.5% ┤", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_point_is_a_marker_at_the_left_edge() =>
        Assert.Contains(
            " 50% ┤●\n", new CurveChart().Render([new ChartSeries("one", [(1, 0.5)]), new("top", [(1, 1)])]), StringComparison.Ordinal);

    [Fact]
    public void Long_names_are_cut_and_legends_wrap()
    {
        var points = new[] { (1, 0.2), (4, 0.9) };
        var lines = new CurveChart { Width = 40, Height = 10 }
            .Render([new ChartSeries(new string('a', 100), points), new("second", points), new("third", points)]).TrimEnd('\n').Split('\n');
        Assert.Equal(11, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length <= 40));
        Assert.EndsWith("a...", lines[9], StringComparison.Ordinal);
        Assert.Equal("      ○ second   ◆ third", lines[10]);
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_by_name()
    {
        var line = new ChartSeries("x", [(1, 0.5)]);
        Refuse("the chart's width is 29, expected at least 30.", new CurveChart { Width = 29 }, line);
        Refuse("the chart's height is 8, expected at least 9.", new CurveChart { Height = 8 }, line);
        Refuse("the chart has 9 lines, expected one to eight curves.", new CurveChart(), [.. Enumerable.Repeat(line, 9)]);
        Refuse("the chart has 0 lines, expected one to eight curves.", new CurveChart());
        Refuse("the chart's line 'empty' has no points, expected at least one.", new CurveChart(), new ChartSeries("empty", []));

        static void Refuse(string message, CurveChart chart, params ChartSeries[] series) =>
            Assert.Equal(message, Assert.Throws<InputException>(() => chart.Render(series)).Message);
    }
}
