using System.Globalization;
using System.Text;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// pass@k against k as text: k on a log2 axis, one to eight curves with markers at their points, guides as sparse dots, a legend below.
/// Braille dots give eight times the resolution of characters; ASCII is the fallback.
/// </summary>
public sealed class CurveChart
{
    private const string Markers = "●○◆◇■□▲△";
    private const string AsciiMarkers = "*oxa+#%@";
    private static readonly double[] Tops = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>Columns in all, at least 30.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Lines in all, at least 9; a legend that needs more than one line comes on top.</summary>
    public int Height { get; init; } = 20;

    /// <summary>Use ASCII characters alone.</summary>
    public bool Ascii { get; init; }

    /// <returns>Lines ended by \n, without trailing spaces.</returns>
    /// <exception cref="InputException">The chart is too small, or there is nothing to draw, or more than eight curves.</exception>
    public string Render(IReadOnlyList<ChartSeries> series)
    {
        Validate(series);
        var largest = series.Max(line => line.Points[^1].K);
        var highest = series.Max(line => line.Points.Max(point => point.Value));
        var top = Tops.First(candidate => candidate >= Math.Min(highest, 1));
        var rows = Height - 4;
        var ticks = Ticks(top, rows);
        var gutter = ticks.Values.Max(label => label.Length);
        var canvas = new ChartCanvas(Width - gutter - 2, rows, Ascii);
        DrawLines(canvas, series, largest, top);

        var text = new StringBuilder("pass@k\n");
        for (var row = 0; row < rows; row++)
        {
            var label = ticks.GetValueOrDefault(row);
            text.Append((label ?? "").PadLeft(gutter)).Append(Ascii ? label is null ? " |" : " +" : label is null ? " │" : " ┤");
            canvas.AppendRow(text, row);
            text.Append('\n');
        }
        AppendAxis(text, gutter + 2, canvas, largest);
        AppendLegend(text, gutter + 2, series);
        return text.ToString();
    }

    private void Validate(IReadOnlyList<ChartSeries> series)
    {
        if (Width < 30)
            throw new InputException($"the chart's width is {Width}, expected at least 30.");
        if (Height < 9)
            throw new InputException($"the chart's height is {Height}, expected at least 9.");
        if (series.Count == 0 || series.Count(line => !line.IsGuide) > Markers.Length)
            throw new InputException($"the chart has {series.Count} lines, expected one to eight curves.");
        foreach (var line in series)
        {
            if (line.Points.Count == 0)
                throw new InputException($"the chart's line '{line.Name}' has no points, expected at least one.");
        }
    }

    // Labels by row. Even spacing needs rows - 1 to be a multiple of the steps only roughly: each tick goes to its nearest row.
    private Dictionary<int, string> Ticks(double top, int rows)
    {
        var steps = rows >= 9 ? 4 : 2;
        var dots = Ascii ? rows : 4 * rows;
        var ticks = new Dictionary<int, string>();
        for (var step = 0; step <= steps; step++)
        {
            var value = top * step / steps;
            ticks[DotRow(value, top, dots) / (dots / rows)] = (100 * value).ToString("0.##", CultureInfo.InvariantCulture) + "%";
        }
        return ticks;
    }

    private void DrawLines(ChartCanvas canvas, IReadOnlyList<ChartSeries> series, int largest, double top)
    {
        // Guides first, so that curves lie on top of them.
        foreach (var line in series.Where(line => line.IsGuide))
            DrawLine(canvas, line, largest, top, '.');
        var curves = series.Where(line => !line.IsGuide).ToArray();
        for (var i = 0; i < curves.Length; i++)
            DrawLine(canvas, curves[i], largest, top, AsciiMarkers[i]);
        for (var i = 0; i < curves.Length; i++)
        {
            foreach (var (k, value) in curves[i].Points)
            {
                canvas.Marker(
                    DotColumn(k, largest, canvas.DotColumns), DotRow(value, top, canvas.DotRows),
                    (Ascii ? AsciiMarkers : Markers)[i], curves[i].AnsiColour);
            }
        }
    }

    // Column by column; steep pieces are filled downwards or upwards from the column before, so that a line has no holes.
    private void DrawLine(ChartCanvas canvas, ChartSeries line, int largest, double top, char mark)
    {
        for (var i = 0; i + 1 < line.Points.Count; i++)
        {
            var (left, right) = (line.Points[i], line.Points[i + 1]);
            var (start, end) = (DotColumn(left.K, largest, canvas.DotColumns), DotColumn(right.K, largest, canvas.DotColumns));
            var before = DotRow(left.Value, top, canvas.DotRows);
            for (var x = start; x <= end; x++)
            {
                var share = end == start ? 1 : (double)(x - start) / (end - start);
                var y = DotRow(left.Value + (share * (right.Value - left.Value)), top, canvas.DotRows);
                if (!line.IsGuide)
                {
                    for (var between = Math.Min(y, before); between <= Math.Max(y, before); between++)
                        canvas.Dot(x, between, mark, line.AnsiColour);
                }
                else if (x % (Ascii ? 2 : 4) == 0)
                {
                    canvas.Dot(x, y, mark, line.AnsiColour);
                }
                before = y;
            }
        }
    }

    private static int DotColumn(double k, int largest, int dots) =>
        largest == 1 ? 0 : (int)Math.Round(Math.Log2(k) / Math.Log2(largest) * (dots - 1));

    private static int DotRow(double value, double top, int dots) =>
        (int)Math.Round((1 - Math.Clamp(value / top, 0, 1)) * (dots - 1));

    private void AppendAxis(StringBuilder text, int indent, ChartCanvas canvas, int largest)
    {
        var width = Width - indent;
        var axis = new string(Ascii ? '-' : '─', width).ToCharArray();
        var labels = new string(' ', width).ToCharArray();
        // The largest k is always labelled, the powers of two where they keep clear of their neighbours.
        var cells = canvas.DotColumns / width;
        Label(largest, DotColumn(largest, largest, canvas.DotColumns) / cells);
        var free = 0;
        for (long k = 1; k < largest; k *= 2)
        {
            var (column, length) = (DotColumn(k, largest, canvas.DotColumns) / cells, k.ToString(CultureInfo.InvariantCulture).Length);
            var start = LabelStart(column, length, width);
            if (start < free || start + length >= LabelStart(width - 1, largest.ToString(CultureInfo.InvariantCulture).Length, width))
                continue;
            Label((int)k, column);
            free = start + length + 1;
        }
        text.Append(' ', indent - 1).Append(Ascii ? '+' : '└').Append(axis).Append('\n');
        text.Append("k".PadLeft(indent - 2)).Append("  ").Append(labels.AsSpan().TrimEnd()).Append('\n');

        void Label(int k, int column)
        {
            var label = k.ToString(CultureInfo.InvariantCulture);
            axis[column] = Ascii ? '+' : '┬';
            label.CopyTo(0, labels, LabelStart(column, label.Length, width), label.Length);
        }
    }

    // Centred under its tick, pushed inside at the edges.
    private static int LabelStart(int column, int length, int width) => Math.Clamp(column - (length / 2), 0, width - length);

    private void AppendLegend(StringBuilder text, int indent, IReadOnlyList<ChartSeries> series)
    {
        var used = indent;
        text.Append(' ', indent);
        var curve = 0;
        foreach (var line in series)
        {
            var mark = line.IsGuide
                ? Ascii ? ". ." : "⠂⠐⠂"
                : (Ascii ? AsciiMarkers : Markers)[curve++].ToString();
            var room = Width - indent - mark.Length - 1;
            var name = line.Name.Length <= room ? line.Name : line.Name[..(room - 3)] + "...";
            var length = mark.Length + 1 + name.Length;
            if (used > indent && used + 3 + length > Width)
            {
                text.Append('\n').Append(' ', indent);
                used = indent;
            }
            if (used > indent)
            {
                text.Append("   ");
                used += 3;
            }
            text.Append(line.AnsiColour is { } colour ? $"{ChartCanvas.Escape(colour)}{mark}{ChartCanvas.Escape(0)}" : mark);
            text.Append(' ').Append(name);
            used += length;
        }
        text.Append('\n');
    }
}
