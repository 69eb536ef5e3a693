using System.Globalization;
using System.Text;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// Several runs against the first as plain text for a terminal, lines ended by \n, within 120 columns unless names are long.
/// </summary>
public static class SeriesTable
{
    private const int MostColumns = 120;

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
        AppendCurves(text, report);
        foreach (var comparison in report.Comparisons)
            AppendComparison(text, comparison);
        return text.ToString();
    }

    /// <summary>pass@k of every run with its interval, in as many blocks of columns as the width asks for; chance comes last.</summary>
    private static void AppendCurves(StringBuilder text, SeriesReport report)
    {
        (string Name, IReadOnlyList<CurvePoint> Points)[] runs =
            [(report.BaseName, report.Base), .. report.Comparisons.Select(run => (run.OtherName, run.OtherIntervals))];
        List<string[][]> columns = [.. runs.Select(run => Rows([run.Name, "", ""], row => Figures.Cells(run.Points[row])))];
        if (report.Comparisons[0].Chance is { } chance)
            columns.Add(Rows(["chance"], row => [Figures.Percent(chance[row])]));
        var ks = Rows(["k"], row => [Figures.Whole(report.K[row])]);
        for (var first = 0; first < columns.Count;)
        {
            var block = Beside([ks, columns[first++]]);
            while (first < columns.Count && Beside([block, columns[first]]) is var wider && TextColumns.Width(wider) <= MostColumns)
                (block, first) = (wider, first + 1);
            TextColumns.Append(text, block);
            if (first < columns.Count)
                text.Append('\n');
        }

        string[][] Rows(string[] heading, Func<int, string[]> cells) => [heading, .. report.K.Select((_, row) => cells(row))];

        static string[][] Beside(string[][][] parts) =>
            [.. parts[0].Select((_, row) => parts.SelectMany(part => part[row]).ToArray())];
    }

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
        text.Append(CultureInfo.InvariantCulture, $"    solved {ComparisonTable.McNemar(sets)}\n");
        text.Append(CultureInfo.InvariantCulture, $"      both {Figures.Count(sets.Both)}, neither {Figures.Count(sets.Neither)};\n");
        Alone(@base, sets.BaseOnly, sets.BaseOnlyShare);
        Alone(other, sets.OtherOnly, sets.OtherOnlyShare);
        var gap = comparison.SamplingEfficiencyGap;
        text.Append(CultureInfo.InvariantCulture,
            $"    gap: {@base} pass@{gap.K} - {other} pass@1 = {string.Join(' ', Figures.SignedCells(gap))}\n");
        if (gap.K > 1)
            text.Append(CultureInfo.InvariantCulture, $"      what {gap.K} tries of {@base} reach beyond one try of {other}\n");
        PerplexityText.AppendShort(text, comparison);

        void Alone(string run, double count, ShareEstimate share) => text.Append(
            CultureInfo.InvariantCulture, $"      only {run} {Figures.Count(count)}, {Figures.Share(share)} of problems\n");
    }
}
