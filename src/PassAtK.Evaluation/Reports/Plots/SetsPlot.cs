using System.Globalization;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>One bar that is divided into classes of problems, and what each of them holds.</summary>
public sealed class SetsPlot : IPlot
{
    private const int Margin = 8;
    private const int BarTop = 14;
    private const int BarHeight = 34;
    private const int RowHeight = 24;

    /// <summary>What is drawn, for those who cannot see it.</summary>
    public required string Label { get; init; }

    /// <summary>
    /// Name, size (an expected one may be a fraction), and the colour of a series or null for a class that no run solves.
    /// </summary>
    public required IReadOnlyList<(string Name, double Count, string Style)> Sets { get; init; }

    internal static string Nothing => "class=\"empty\" fill=\"#d3d8de\"";

    internal static string Shared => "class=\"shared\" fill=\"#6b7280\"";

    public PlotSize Fit(PlotSize size) => size with { Height = BarTop + BarHeight + 12 + (RowHeight * Sets.Count) };

    public string Render(PlotSize size)
    {
        size = Fit(size);
        var canvas = new SvgCanvas(size, Label);
        var all = Sets.Sum(set => set.Count);
        var x = (double)Margin;
        for (var row = 0; row < Sets.Count; row++)
        {
            var (name, count, style) = Sets[row];
            var width = all > 0 ? (size.Width - (2 * Margin)) * count / all : 0;
            canvas.Rectangle(x, BarTop, count > 0 ? Math.Max(1.5, width - 1.5) : 0, BarHeight, style, $"{name}: {Figures.Count(count)}");
            x += width;
            var y = BarTop + BarHeight + 12 + (RowHeight * row);
            canvas.Rectangle(Margin, y, 13, 13, style);
            var share = all > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Figures.Count(count)} ({Figures.Percent(count / all)}%)") : "0";
            canvas.Text(Margin + 22, y + 11.5, share, SvgStyle.Ink);
            canvas.Text(Margin + 122, y + 11.5, Legend.Shortened(name, (int)((size.Width - 122 - (2 * Margin)) / SvgCanvas.WidthOf("x"))));
        }
        return canvas.Finish();
    }
}
