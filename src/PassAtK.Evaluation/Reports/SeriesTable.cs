using System.Globalization;
using System.Text;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// Several runs against the first as plain text for a terminal, lines ended by \n, within 80 columns unless names are long.
/// </summary>
public static class SeriesTable
{
    public static string Render(SeriesReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"base   {report.BaseName}\n");
        for (var i = 0; i < report.Names.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}      {report.Names[i]}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Figures.Plural(report.Problems, "common problem")}, k up to {report.K[^1]}");
        if (report.Dropped.Any(count => count > 0))
            text.Append(CultureInfo.InvariantCulture, $"; dropped of each run: {string.Join(", ", report.Dropped)}");
        text.Append(CultureInfo.InvariantCulture, $"\npercent, {Figures.Intervals(report.Comparisons[0].Interval)}\n\n");
        TextColumns.Append(text, Curves(report));
        for (var i = 0; i < report.Names.Count; i++)
            AppendComparison(text, i + 1, report.Comparisons[i]);
        return text.ToString();
    }

    // The first run with its interval, the others as they stand: their intervals would not say how they differ from the first.
    private static IReadOnlyList<string[]> Curves(SeriesReport report) =>
    [
        [
            "k", "base", "", "", .. report.Names.Select((_, i) => Figures.Whole(i + 1)),
            .. Chance(report) is null ? Array.Empty<string>() : ["chance"],
        ],
        .. report.K.Select((k, row) => new[]
        {
            [Figures.Whole(k)], Figures.Cells(report.Base[row]),
            report.Comparisons.Select(comparison => Figures.Percent(comparison.Other[row])).ToArray(),
            Chance(report) is { } chance ? [Figures.Percent(chance[row])] : Array.Empty<string>(),
        }.SelectMany(cells => cells).ToArray()),
    ];

    private static IReadOnlyList<double>? Chance(SeriesReport report) => report.Comparisons[0].Chance;

    private static void AppendComparison(StringBuilder text, int number, ComparisonReport comparison)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{number} - base  ");
        var (first, last) = (comparison.Difference[0], comparison.Difference[^1]);
        text.Append(CultureInfo.InvariantCulture, $"at k = {first.K}: {string.Join(' ', Figures.SignedCells(first))}");
        if (comparison.Difference.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $", at k = {last.K}: {string.Join(' ', Figures.SignedCells(last))}");
        var crossover = ComparisonTable.Crossover(comparison.Crossover, comparison.CrossoverSearch);
        text.Append(CultureInfo.InvariantCulture, $"\n    crossover {crossover}\n");
        text.Append(CultureInfo.InvariantCulture, $"    solvable {ComparisonTable.Solvable(comparison.Solvable)}\n");
        var gap = comparison.SamplingEfficiencyGap;
        text.Append(CultureInfo.InvariantCulture,
            $"    gap: base pass@{gap.K} - pass@1 of {number} = {string.Join(' ', Figures.SignedCells(gap))}\n");
    }
}
