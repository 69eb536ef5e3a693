using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>
/// Perplexity of a token of each run's samples under the base model: whether the base finds what another model says as likely as what it
/// says itself. Source: figure 6 of arXiv 2504.13837.
/// </summary>
internal static class PerplexityFigure
{
    /// <param name="comparisons">All with the same base.</param>
    /// <returns>Null where no other run's samples are scored under the base.</returns>
    public static ReportFigure? Of(IReadOnlyList<ComparisonReport> comparisons)
    {
        var scored = comparisons.Index().Where(entry => entry.Item.Perplexity is not null).ToArray();
        if (scored.Length == 0)
            return null;
        var @base = comparisons[0].BaseName;
        (string Samples, string Model, int Colour, MeanEstimate? Mean)[] rows =
        [
            (@base, @base, 0, scored[0].Item.Perplexity!.All.BaseUnderBase.Mean),
            .. scored.SelectMany(entry => new (string, string, int, MeanEstimate?)[]
            {
                (entry.Item.OtherName, @base, entry.Index + 1, entry.Item.Perplexity!.All.OtherUnderBase.Mean),
                (entry.Item.OtherName, entry.Item.OtherName, entry.Index + 1, entry.Item.Perplexity.All.OtherUnderOther.Mean),
            }),
        ];
        if (rows.All(row => row.Mean is null))
            return null;
        var drawn = rows.Select(row => (Name: $"{row.Samples}, under {row.Model}", row.Colour, row.Mean)).ToArray();
        return new ReportFigure(
            "perplexity", "What the base finds likely",
            "Perplexity of a token at temperature 1, whatever samples were drawn with: mean over problems with its "
                + $"{Figures.Confidence(comparisons[0].Interval)} interval. Where another run's samples are no less likely under the base "
                + "than its own, the base could have said them.",
            new IntervalPlot
            {
                Label = "Intervals of perplexity. "
                    + string.Join(' ', drawn.Select(row => $"{row.Name}: {PerplexityText.Interval(row.Mean)}.")),
                Rows = [.. drawn.Select(row => (row.Name, row.Colour, row.Mean))],
                Across = "perplexity of a token",
            },
            new FigureNumbers(
                [new("samples"), new("under"), new("estimate"), new("low"), new("high")],
                [.. rows.Select(row => new object?[] { row.Samples, row.Model, row.Mean?.Estimate, row.Mean?.Low, row.Mean?.High })]));
    }
}
