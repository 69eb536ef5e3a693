using System.Globalization;
using System.Text;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>A table of texts and numbers; a number is written so that reading it gives the same bits.</summary>
/// <param name="Header">The columns.</param>
/// <param name="Rows">One value a column: a text, a number, or null for what cannot be said.</param>
public sealed record FigureNumbers(IReadOnlyList<FigureColumn> Header, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>RFC 4180, with line feeds.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Header.Select(column => Quoted(column.CsvName))).Append('\n');
        foreach (var row in Rows)
            text.AppendJoin(',', row.Select(value => Quoted(Written(value)))).Append('\n');
        return text.ToString();
    }

    /// <summary>One value as CSV and JSON write it.</summary>
    public static string Written(object? value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    /// <param name="x">What the places of the points are.</param>
    /// <param name="series">Fractions; where no point has an interval there are no columns for one.</param>
    /// <param name="shown">As of <see cref="FigureColumn"/>.</param>
    internal static FigureNumbers OfSeries(string x, IReadOnlyList<PlotSeries> series, string shown = FigureColumn.Percent)
    {
        var hasIntervals = series.Any(line => line.Points.Any(point => point.Low is not null));
        FigureColumn[] limits = hasIntervals ? [new("low", shown), new("high", shown)] : [];
        return new FigureNumbers(
            [new("series"), new(x), new("estimate", shown), .. limits],
            [
                .. series.SelectMany(line => line.Points, (line, point) => hasIntervals
                    ? new object?[] { line.Name, point.X, point.Y, point.Low, point.High }
                    : [line.Name, point.X, point.Y]),
            ]);
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
