using System.Globalization;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>A figure: drawn for desktop and for phone, one of which is shown, and its numbers behind a fold.</summary>
internal static class FigurePart
{
    public static Markup Render(ReportFigure figure) => Markup.Of(
        $"""
        <figure id="{figure.Name}">
        <h2>{figure.Title}</h2>
        <div class="plot wide">{new Markup(figure.Plot.Render(PlotSize.Column))}</div>
        <div class="plot narrow">{new Markup(figure.Plot.Render(PlotSize.Narrow))}</div>
        <figcaption>{figure.Caption}</figcaption>
        <details><summary>Numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="{figure.Title}, numbers">{Numbers(figure.Numbers)}</div></details>
        </figure>

        """);

    private static Markup Numbers(FigureNumbers numbers) => Markup.Of(
        $"""
        <table class="numbers"><thead><tr>{Markup.Join(numbers.Header, Heading)}</tr></thead>
        <tbody>{Markup.Join(numbers.Rows, row => Row(numbers.Header, row))}</tbody></table>
        """);

    private static Markup Heading(FigureColumn column) => Markup.Of($"<th scope=\"col\">{column.PageName}</th>");

    private static Markup Row(IReadOnlyList<FigureColumn> header, IReadOnlyList<object?> row) => Markup.Of(
        $"<tr>{Markup.Join(header.Zip(row), cell => Markup.Of($"<td>{Cell(cell.First, cell.Second)}</td>"))}</tr>");

    // As fine as a reader needs, in the unit of the figure; all digits are in the CSV and the JSON.
    private static string Cell(FigureColumn column, object? value) => (column.Shown, value) switch
    {
        (FigureColumn.Percent, double share) => (100 * share).ToString("0.00;-0.00;0.00", CultureInfo.InvariantCulture),
        (FigureColumn.Points, double share) => (100 * share).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture),
        (_, double number) => number.ToString(number == Math.Floor(number) ? "0" : "0.0000", CultureInfo.InvariantCulture),
        _ => FigureNumbers.Written(value),
    };
}
