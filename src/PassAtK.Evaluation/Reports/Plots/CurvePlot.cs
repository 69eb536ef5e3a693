using System.Globalization;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>
/// Values over a base-2 logarithmic axis, with bands of intervals, reference lines, and a place marked with its interval.
/// </summary>
public sealed class CurvePlot : IPlot
{
    private const int Left = 50;
    private const int Right = 14;
    private const int Bottom = 44;
    private const double LabelRoom = 34;

    /// <summary>What is drawn, for those who cannot see it.</summary>
    public required string Label { get; init; }

    public required IReadOnlyList<PlotSeries> Series { get; init; }

    /// <summary>Under the axis: "k (samples per problem)".</summary>
    public required string Across { get; init; }

    /// <summary>Above the axis, "pass@k".</summary>
    public required string Upward { get; init; }

    /// <summary>Differences in percentage points: values carry a sign and 0 has a line of its own. Otherwise values are percent.</summary>
    public bool IsSigned { get; init; }

    public PlotMark? Mark { get; init; }

    public string Render(PlotSize size)
    {
        var canvas = new SvgCanvas(size, Label);
        var top = Legend.Draw(canvas, size, Left - 42, [.. Series.Select(series => (series.Name, Swatch(canvas, series)))]) + 28;
        var (width, height) = (size.Width - Left - Right, size.Height - top - Bottom);
        var (low, high) = Range();
        var values = new ValueScale(low, high, top, height);
        var rungs = Series.SelectMany(series => series.Points).Select(point => point.X).Distinct().Order().ToArray();
        var (first, last) = (Math.Log2(rungs[0]), Math.Log2(rungs[^1]));

        canvas.Text(Left - 42, top - 13, Upward);
        DrawGrid(canvas, size, values);
        DrawMark(canvas, top, height);
        foreach (var series in Series)
            DrawSeries(canvas, series, At, values);
        DrawRungs(canvas, rungs, top + height, width);
        canvas.Text(Left + (width / 2.0), size.Height - 6, Across, anchor: "middle");
        DrawHits(canvas, rungs, top, height);
        return canvas.Finish();

        double At(double x) => Left + (last > first ? width * (Math.Log2(x) - first) / (last - first) : width / 2.0);

        void DrawMark(SvgCanvas canvas, double top, double height)
        {
            if (Mark is not { } mark)
                return;
            var (from, to) = (mark.Low is { } start ? At(start) : Left + width, mark.High is { } end ? At(end) : Left + width);
            canvas.Rectangle(from, top, to - from, height, SvgStyle.MarkBand);
            canvas.Line(At(mark.X), top, At(mark.X), top + height, SvgStyle.Mark);
            var onLeft = At(mark.X) + 6 + SvgCanvas.WidthOf(mark.Label) > Left + width;
            canvas.Text(At(mark.X) + (onLeft ? -6 : 6), top + 13, mark.Label, SvgStyle.Ink, onLeft ? "end" : "start");
        }

        void DrawRungs(SvgCanvas canvas, double[] rungs, double bottom, double width)
        {
            canvas.Line(Left, bottom, Left + width, bottom, SvgStyle.Axis);
            var freeFrom = double.NegativeInfinity;
            // From the right: the last one, which need not be a power of two, is always told.
            foreach (var rung in rungs.Reverse())
            {
                var x = At(rung);
                canvas.Line(x, bottom, x, bottom + 4, SvgStyle.Axis);
                if (double.IsFinite(freeFrom) && freeFrom - x < LabelRoom)
                    continue;
                canvas.Text(x, bottom + 18, rung.ToString("0.##", CultureInfo.InvariantCulture), anchor: "middle");
                freeFrom = x;
            }
        }

        // Invisible columns that tell all values at one place when pointed at.
        void DrawHits(SvgCanvas canvas, double[] rungs, double top, double height)
        {
            for (var i = 0; i < rungs.Length; i++)
            {
                var from = i == 0 ? Left : (At(rungs[i - 1]) + At(rungs[i])) / 2;
                var to = i == rungs.Length - 1 ? Left + width : (At(rungs[i]) + At(rungs[i + 1])) / 2;
                canvas.Rectangle(from, top, to - from, height, SvgStyle.Hit, Tooltip(rungs[i]));
            }
        }
    }

    private (double Low, double High) Range()
    {
        var points = Series.SelectMany(series => series.Points).ToArray();
        return (Math.Min(0, points.Min(point => point.Low ?? point.Y)), Math.Max(0, points.Max(point => point.High ?? point.Y)));
    }

    private string Tooltip(double x)
    {
        var lines = Series
            .SelectMany(series => series.Points.Where(point => point.X == x), (series, point) => $"{series.Name}: {Interval(point)}");
        return string.Create(CultureInfo.InvariantCulture, $"{x:0.##}\n{string.Join('\n', lines)}");
    }

    private string Interval(PlotPoint point) =>
        point is { Low: { } low, High: { } high } ? $"{Written(point.Y)} [{Limit(low)}, {Limit(high)}]" : Written(point.Y);

    private string Written(double value) => Written(value, IsSigned);

    private string Limit(double value) => IsSigned ? Figures.SignedPercent(value) : Written(value);

    /// <summary>"43.2%", or "+11.3 points" of a difference.</summary>
    internal static string Written(double value, bool isSigned) =>
        isSigned ? $"{Figures.SignedPercent(value)} points" : $"{Figures.Percent(value)}%";

    private void DrawGrid(SvgCanvas canvas, PlotSize size, ValueScale values)
    {
        foreach (var tick in values.Ticks)
        {
            var y = values.At(tick);
            canvas.Line(Left, y, size.Width - Right, y, IsSigned && Math.Abs(tick) < values.Step / 2 ? SvgStyle.Axis : SvgStyle.Grid);
            canvas.Text(Left - 8, y + 4.5, Tick(tick, values.Step), anchor: "end");
        }
    }

    private string Tick(double tick, double step)
    {
        var decimals = step < 0.01 ? ".0" : "";
        var format = IsSigned ? $"+0{decimals};−0{decimals};0" : $"0{decimals}'%'";
        return (100 * tick).ToString(format, CultureInfo.InvariantCulture);
    }

    private static void DrawSeries(SvgCanvas canvas, PlotSeries series, Func<double, double> at, ValueScale values)
    {
        var points = series.Points;
        if (series.Colour is not { } colour)
        {
            canvas.Path(points.Select(point => (at(point.X), values.At(point.Y))), SvgStyle.Guide);
            return;
        }
        if (points.All(point => point.Low is not null && point.High is not null))
        {
            var upper = points.Select(point => (at(point.X), values.At(point.High!.Value)));
            var lower = points.Reverse().Select(point => (at(point.X), values.At(point.Low!.Value)));
            canvas.Path(upper.Concat(lower), SvgStyle.Band(colour), closed: true);
        }
        canvas.Path(points.Select(point => (at(point.X), values.At(point.Y))), SvgStyle.Line(colour, series.IsForecast));
        foreach (var point in points)
            canvas.Marker(at(point.X), values.At(point.Y), colour);
    }

    private static Action<double, double> Swatch(SvgCanvas canvas, PlotSeries series) => (x, y) =>
    {
        canvas.Line(x, y, x + 24, y, series.Colour is { } colour ? SvgStyle.Line(colour, series.IsForecast) : SvgStyle.Guide);
        if (series.Colour is { } marked)
            canvas.Marker(x + 12, y, marked);
    };
}
