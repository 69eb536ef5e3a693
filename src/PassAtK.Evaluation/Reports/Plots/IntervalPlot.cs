using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>Means with their intervals, one below the other on a common axis.</summary>
public sealed class IntervalPlot : IPlot
{
    private const int Left = 14;
    private const int Right = 24;
    private const int Top = 8;
    private const int Bottom = 44;
    private const int RowHeight = 42;

    /// <summary>What is drawn, for those who cannot see it.</summary>
    public required string Label { get; init; }

    /// <summary>Name, colour as of a series, and the mean; null where it is infinite, which is said instead. At least one is not.</summary>
    public required IReadOnlyList<(string Name, int Colour, MeanEstimate? Mean)> Rows { get; init; }

    public required string Across { get; init; }

    public PlotSize Fit(PlotSize size) => size with { Height = Top + (RowHeight * Rows.Count) + Bottom };

    public string Render(PlotSize size)
    {
        size = Fit(size);
        var canvas = new SvgCanvas(size, Label);
        var (width, bottom) = ((double)(size.Width - Left - Right), size.Height - Bottom);
        MeanEstimate[] known = [.. Rows.Select(row => row.Mean).OfType<MeanEstimate>()];
        var scale = new ValueScale(
            known.Min(mean => Math.Min(mean.Low, mean.Estimate)),
            known.Max(mean => double.IsFinite(mean.High) ? mean.High : mean.Estimate), 0, width);

        foreach (var tick in scale.Ticks)
        {
            canvas.Line(At(tick), Top, At(tick), bottom, SvgStyle.Grid);
            canvas.Text(At(tick), bottom + 18, tick.ToString("0.####", CultureInfo.InvariantCulture), anchor: "middle");
        }
        canvas.Line(Left, bottom, Left + width, bottom, SvgStyle.Axis);
        for (var row = 0; row < Rows.Count; row++)
            DrawRow(Rows[row], Top + (RowHeight * row));
        canvas.Text(Left + (width / 2), size.Height - 6, Across, anchor: "middle");
        return canvas.Finish();

        double At(double value) => Left + width - scale.At(value);

        void DrawRow((string Name, int Colour, MeanEstimate? Mean) row, double top)
        {
            var told = $"{row.Name}: {PerplexityText.Interval(row.Mean)}";
            var name = Legend.Shortened(row.Mean is null ? told : row.Name, (int)(width / SvgCanvas.WidthOf("x")));
            canvas.Text(Left, top + 14, name, SvgStyle.Ink);
            if (row.Mean is { } mean)
            {
                var high = double.IsFinite(mean.High) ? At(mean.High) : Left + width;
                canvas.Line(At(mean.Low), top + 27, high, top + 27, SvgStyle.Line(row.Colour, isForecast: false));
                canvas.Marker(At(mean.Estimate), top + 27, row.Colour);
            }
            canvas.Rectangle(Left, top, width, RowHeight, SvgStyle.Hit, told);
        }
    }
}
