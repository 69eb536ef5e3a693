using System.Globalization;
using System.Text;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>A table of texts and numbers; a number is written so that reading it gives the same bits.</summary>
/// <param name="Header">Names of the columns.</param>
/// <param name="Rows">One value a column: a text, a number, or null for what cannot be said.</param>
public sealed record FigureNumbers(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>RFC 4180, with line feeds.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Header.Select(Quoted)).Append('\n');
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

    internal static FigureNumbers OfSeries(string x, IReadOnlyList<PlotSeries> series) => new(
        ["series", x, "estimate", "low", "high"],
        [.. series.SelectMany(line => line.Points, (line, point) => new object?[] { line.Name, point.X, point.Y, point.Low, point.High })]);

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
