using System.Globalization;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>Counts of each run by class, bars side by side.</summary>
public sealed class BarPlot : IPlot
{
    private const int Left = 50;
    private const int Right = 14;
    private const int Bottom = 44;

    /// <summary>What is drawn, for those who cannot see it.</summary>
    public required string Label { get; init; }

    /// <summary>Names of the classes, left to right; the short form is drawn, the long one is what a pointer is told.</summary>
    public required IReadOnlyList<(string Short, string Long)> Classes { get; init; }

    /// <summary>`[run][class]`.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<int> Counts)> Runs { get; init; }

    public required string Across { get; init; }

    public required string Upward { get; init; }

    public string Render(PlotSize size)
    {
        var canvas = new SvgCanvas(size, Label);
        var top = Legend.Draw(canvas, size, Left - 42, [.. Runs.Select((run, index) => (run.Name, Swatch(index)))]) + 28;
        var (width, height) = (size.Width - Left - Right, size.Height - top - Bottom);
        var most = Runs.Max(run => run.Counts.Max());
        var values = new ValueScale(0, Math.Max(4, most), top, height);

        canvas.Text(Left - 42, top - 13, Upward);
        foreach (var tick in values.Ticks)
        {
            canvas.Line(Left, values.At(tick), size.Width - Right, values.At(tick), tick == 0 ? SvgStyle.Axis : SvgStyle.Grid);
            canvas.Text(Left - 8, values.At(tick) + 4.5, tick.ToString("0.##", CultureInfo.InvariantCulture), anchor: "end");
        }
        var step = (double)width / Classes.Count;
        var bar = 0.8 * step / Runs.Count;
        for (var index = 0; index < Classes.Count; index++)
            DrawClass(index);
        canvas.Text(Left + (width / 2.0), size.Height - 6, Across, anchor: "middle");
        return canvas.Finish();

        void DrawClass(int index)
        {
            var start = Left + (index * step) + (0.1 * step);
            for (var run = 0; run < Runs.Count; run++)
            {
                var count = Runs[run].Counts[index];
                var tooltip = $"{Classes[index].Long}\n{Runs[run].Name}: {Figures.Plural(count, "problem")}";
                var y = values.At(count);
                // A class of one is seen however many the others hold.
                var drawn = count == 0 ? 0 : Math.Max(1.5, top + height - y);
                canvas.Rectangle(start + (run * bar), top + height - drawn, bar - 1, drawn, SvgStyle.Fill(run), tooltip);
            }
            var middle = start + (0.4 * step);
            // The ends are always named; between them every other one where room is short.
            if (step >= 30 || index == Classes.Count - 1 || (index % 2 == 0 && index < Classes.Count - 2))
                canvas.Text(middle, top + height + 18, Classes[index].Short, anchor: "middle");
        }

        Action<double, double> Swatch(int run) => (x, y) => canvas.Rectangle(x + 5, y - 6, 13, 13, SvgStyle.Fill(run));
    }
}
