using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>The few numbers that a reader looks for first.</summary>
internal static class KeyNumbersPart
{
    public static Markup Render(RunReport report)
    {
        var tiles = Ends(report.PassAtK).Select(point => Tile($"pass@{point.K}", [(null, Percent(point), Limits(point))])).ToList();
        tiles.Add(Tile(
            "sampled",
            [(null, Figures.Plural(report.Problems, "problem"), $"{Figures.Plural(report.SamplesTotal, "sample")} in all")]));
        return List(tiles);
    }

    public static Markup Render(SeriesReport report)
    {
        string[] names = [report.BaseName, .. report.Names];
        var tiles = Ends(report.Base).Select(point => Tile(
            $"pass@{point.K}",
            [
                Of(0, report.Base, point.K),
                .. report.Comparisons.Select((run, index) => Of(index + 1, run.OtherIntervals, point.K)),
            ],
            names)).ToList();
        tiles.Add(Tile($"crossover of {report.BaseName} with", [.. report.Comparisons.Select(Overtaken)], names));
        return List(tiles);

        static (int?, string, string) Overtaken(ComparisonReport run, int index)
        {
            var (value, more) = Crossover(run);
            return (index + 1, value, more);
        }
    }

    public static Markup Render(ComparisonReport report)
    {
        var sets = report.Solvable;
        string[] names = [report.BaseName, report.OtherName];
        var tiles = Ends(report.Difference).Select(point => Tile(
            $"pass@{point.K}", [Of(0, report.BaseIntervals, point.K), Of(1, report.OtherIntervals, point.K)], names)).ToList();
        tiles.Add(Tile("crossover", [(null, Crossover(report).Value, Crossover(report).More)]));
        tiles.Add(Tile(
            $"solved by one alone, {Figures.Tries(sets)}",
            [
                (0, Figures.Count(sets.BaseOnly), $"{Figures.Share(sets.BaseOnlyShare)} only {report.BaseName}"),
                (1, Figures.Count(sets.OtherOnly), $"{Figures.Share(sets.OtherOnlyShare)} only {report.OtherName}"),
            ],
            names));
        return List(tiles);
    }

    private static (int?, string, string) Of(int run, IReadOnlyList<CurvePoint> points, int k)
    {
        var point = points.First(point => point.K == k);
        return (run, Percent(point), Limits(point));
    }

    internal static (string Value, string More) Crossover(ComparisonReport report)
    {
        return report.Crossover is { } crossover
            ? ($"k* = {Figures.K(crossover.K)}", $"[{Limit(crossover.Low)}, {Limit(crossover.High)}]")
            : ("none", $"within k = {report.CrossoverSearch.WithinK}");

        string Limit(double? limit) => limit is { } k ? Figures.K(k) : $"> {report.CrossoverSearch.WithinK}";
    }

    private static IEnumerable<CurvePoint> Ends(IReadOnlyList<CurvePoint> points) =>
        points.Count == 1 ? [points[0]] : [points[0], points[^1]];

    private static string Percent(CurvePoint point) => Figures.Percent(point.Estimate) + "%";

    private static string Limits(CurvePoint point) => $"[{Figures.Percent(point.Low)}, {Figures.Percent(point.High)}]";

    private static Markup List(IReadOnlyList<Markup> tiles) => Markup.Of($"<dl class=\"key\">{Markup.Join(tiles)}</dl>\n");

    private static Markup Tile(
        string title, IReadOnlyList<(int? Run, string Value, string More)> values, IReadOnlyList<string>? names = null) => Markup.Of(
        $"<div><dt>{title}</dt>{Markup.Join(values, value => Markup.Of($"<dd>{Swatch(value.Run, names)}<b>{value.Value}</b> <span>{value.More}</span></dd>"))}</div>");

    // Colour alone would not tell everybody whose number it is.
    private static Markup Swatch(int? run, IReadOnlyList<string>? names) => run is { } index && names is not null
        ? Markup.Of(
            $"""<svg class="swatch" viewBox="0 0 10 10" role="img" aria-label="{names[index]}"><title>{names[index]}</title><rect class="f{index}" width="10" height="10" rx="2"/></svg>""")
        : Markup.Empty;
}
