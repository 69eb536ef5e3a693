namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>Names of series above a plot, wrapped to its width.</summary>
internal static class Legend
{
    private const int RowHeight = 20;
    private const int SwatchWidth = 30;
    private const int Gap = 16;

    /// <returns>The height that was used.</returns>
    public static double Draw(
        SvgCanvas canvas, PlotSize size, double left, IReadOnlyList<(string Name, Action<double, double> Swatch)> entries)
    {
        var most = (int)((size.Width - left - SwatchWidth) / SvgCanvas.WidthOf("x"));
        var (x, y) = (left, 16.0);
        foreach (var (name, swatch) in entries)
        {
            var text = Shortened(name, most);
            var width = SwatchWidth + SvgCanvas.WidthOf(text);
            if (x > left && x + width > size.Width)
                (x, y) = (left, y + RowHeight);
            swatch(x, y - 4.5);
            canvas.Text(x + SwatchWidth, y, text, SvgStyle.Ink);
            x += width + Gap;
        }
        return y + 6;
    }

    /// <summary>Names of runs differ at either end, so the middle goes.</summary>
    public static string Shortened(string name, int most) =>
        name.Length <= most || most < 8 ? name : $"{name[..((most - 1) / 2)]}…{name[^((most - 1) / 2)..]}";
}
