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
        <table class="numbers"><thead><tr>{Markup.Join(numbers.Header, name => Markup.Of($"<th scope=\"col\">{name}</th>"))}</tr></thead>
        <tbody>{Markup.Join(numbers.Rows, Row)}</tbody></table>
        """);

    private static Markup Row(IReadOnlyList<object?> row) => Markup.Of(
        $"<tr>{Markup.Join(row, value => Markup.Of($"<td>{Cell(value)}</td>"))}</tr>");

    // As fine as a reader needs; all digits are in the CSV and the JSON.
    private static string Cell(object? value) => value is double number
        ? number.ToString(number == Math.Floor(number) ? "0" : "0.0000", System.Globalization.CultureInfo.InvariantCulture)
        : FigureNumbers.Written(value);
}
