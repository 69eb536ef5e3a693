using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>Each run of a series against the first, a row a run.</summary>
internal static class SeriesTablePart
{
    public static Markup Render(SeriesReport report)
    {
        var (first, last) = (report.K[0], report.K[^1]);
        return Markup.Of(
            $"""
            <section class="settings" aria-labelledby="series-title">
            <h2 id="series-title">Each run against {report.BaseName}</h2>
            <p class="note">Differences in percentage points, paired by problem. A problem is solved if one of so many tries is correct;
            where runs have different numbers of samples these are expected numbers of problems.</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="series-title">
            <table id="series"><thead><tr>{Markup.Join(Headings(report), name => Markup.Of($"<th scope=\"col\">{name}</th>"))}</tr></thead>
            <tbody>
            {Markup.Join(report.Comparisons, Row)}</tbody></table>
            </div>
            </section>

            """);

        Markup Row(ComparisonReport run)
        {
            var (crossover, sets) = (KeyNumbersPart.Crossover(run), run.Solvable);
            (string Value, string More)[] cells =
            [
                Signed(run.Difference[0]), .. last > first ? [Signed(run.Difference[^1])] : Array.Empty<(string, string)>(),
                crossover, (Figures.Tries(sets), ""),
                (Figures.Count(sets.BaseOnly), Figures.Share(sets.BaseOnlyShare)),
                (Figures.Count(sets.OtherOnly), Figures.Share(sets.OtherOnlyShare)),
                (sets.McNemarP is { } p ? Figures.PValue(p) : "–", ""), Signed(run.SamplingEfficiencyGap),
            ];
            var row = Markup.Join(cells, cell => Markup.Of($"<td>{cell.Value}<span class=\"under\">{cell.More}</span></td>"));
            return Markup.Of($"<tr><th scope=\"row\">{run.OtherName}</th>{row}</tr>\n");
        }
    }

    private static string[] Headings(SeriesReport report)
    {
        var (first, last) = (report.K[0], report.K[^1]);
        return
        [
            "run", $"difference at k\u00A0=\u00A0{first}", .. last > first ? [$"at k\u00A0=\u00A0{last}"] : Array.Empty<string>(),
            "crossover", "solved with", $"only {report.BaseName} solves", "only the run solves", "McNemar\u00A0p",
            $"{report.BaseName} pass@{report.Comparisons[0].SamplingEfficiencyGap.K} less the run's pass@1",
        ];
    }

    private static (string, string) Signed(CurvePoint point)
    {
        var cells = Figures.SignedCells(point);
        return (cells[0], $"{cells[1]} {cells[2]}");
    }
}
