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
        text.Append(CultureInfo.InvariantCulture, $"{report.BaseName} is the base of {string.Join(", ", report.Names)}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Figures.Plural(report.Problems, "common problem")}, k up to {report.K[^1]}");
        if (report.Dropped.Any(count => count > 0))
            text.Append(CultureInfo.InvariantCulture, $"; dropped of each run: {string.Join(", ", report.Dropped)}");
        text.Append('\n');
        LeftOut.Append(text, report.BaseName, report.Comparisons[0].BaseLeftOut);
        foreach (var comparison in report.Comparisons)
            LeftOut.Append(text, comparison.OtherName, comparison.OtherLeftOut);
        text.Append(CultureInfo.InvariantCulture, $"percent, {Figures.Intervals(report.Comparisons[0].Interval)}\n\n");
        TextColumns.Append(text, Curves(report));
        foreach (var comparison in report.Comparisons)
            AppendComparison(text, comparison);
        return text.ToString();
    }

    // The first run with its interval, the others as they stand: their intervals would not say how they differ from the first.
    private static IReadOnlyList<string[]> Curves(SeriesReport report) =>
    [
        [
            "k", report.BaseName, "", "", .. report.Names,
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

    private static void AppendComparison(StringBuilder text, ComparisonReport comparison)
    {
        var (@base, other) = (comparison.BaseName, comparison.OtherName);
        text.Append(CultureInfo.InvariantCulture, $"\n{other} - {@base}\n    difference ");
        var (first, last) = (comparison.Difference[0], comparison.Difference[^1]);
        text.Append(CultureInfo.InvariantCulture, $"at k = {first.K}: {string.Join(' ', Figures.SignedCells(first))}");
        if (comparison.Difference.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $", at k = {last.K}: {string.Join(' ', Figures.SignedCells(last))}");
        var crossover = ComparisonTable.Crossover(comparison.Crossover, comparison.CrossoverSearch);
        text.Append(CultureInfo.InvariantCulture, $"\n    crossover {crossover}\n");
        var sets = comparison.Solvable;
        text.Append(
            CultureInfo.InvariantCulture,
            $"    solved {Figures.Count(sets.Both)} by both, {Figures.Count(sets.BaseOnly)} by {@base} alone, ");
        text.Append(CultureInfo.InvariantCulture, $"{Figures.Count(sets.OtherOnly)} by {other} alone,\n");
        text.Append(CultureInfo.InvariantCulture, $"      {Figures.Count(sets.Neither)} by neither; {ComparisonTable.McNemar(sets)}\n");
        var gap = comparison.SamplingEfficiencyGap;
        text.Append(CultureInfo.InvariantCulture,
            $"    gap: {@base} pass@{gap.K} - {other} pass@1 = {string.Join(' ', Figures.SignedCells(gap))}\n");
        PerplexityText.AppendShort(text, comparison);
    }
}
