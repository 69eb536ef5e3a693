using PassAtK.Evaluation.Reports.Findings;
using PassAtK.Evaluation.Reports.Plots;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>
/// Figures and words in two columns of a wide page: each goes to the column that is shorter so far, so that neither holds blank space that
/// the next could fill. A narrow page shows them one below the other in the same order.
/// </summary>
internal static class FigureColumns
{
    // CSS pixels and letters as page.css has them; they only say which column is shorter.
    private const double LetterWidth = 7.4;
    private const double CaptionLine = 21;
    private const double WordsLine = 24;
    private const double Gap = 40;
    private const double TitleAndFold = 70;

    public static Markup Render(IReadOnlyList<ReportFigure> figures, IReadOnlyList<Finding> findings)
    {
        var (left, right) = (0.0, 0.0);
        return Markup.Of(
            $"""
            <div class="figures">
            {Place(FigurePart.Render, figures[0], Height(figures[0]))}{Place(FindingsPart.Render, findings, Height(findings))}{Markup.Join(figures.Skip(1), figure => Place(FigurePart.Render, figure, Height(figure)))}</div>

            """);

        Markup Place<T>(Func<T, Markup> render, T item, double height)
        {
            var side = left <= right ? "first-column" : "second-column";
            if (left <= right)
                left += height + Gap;
            else
                right += height + Gap;
            return Markup.Of($"<div class=\"{side}\">\n{render(item)}</div>\n");
        }
    }

    private static double Height(ReportFigure figure) =>
        TitleAndFold + figure.Plot.Fit(PlotSize.Column).Height + (CaptionLine * Lines(figure.Caption));

    private static double Height(IReadOnlyList<Finding> findings) =>
        TitleAndFold + findings.Sum(finding => 8 + (WordsLine * Lines(finding.Text)));

    private static double Lines(string text) => Math.Ceiling(text.Length * LetterWidth / PlotSize.Column.Width);
}
