using System.Numerics;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>
/// How much of the space samples explore at each depth: rows of logits computed for each sampled token, by the token's place in the
/// sample. 1 means that no two samples of a problem agree so far, 1/n that all n do. Depths are summed over doublings: 1, 2 to 3, 4 to 7, ...
/// </summary>
internal static class ExplorationFigure
{
    /// <summary>Null where no run has the numbers.</summary>
    public static ReportFigure? Of(IReadOnlyList<ReportedRun> runs)
    {
        PlotSeries[] series = [.. runs
            .Select((run, index) => (run, index))
            .Where(pair => pair.run.Sharing is { SampledTokens: > 0 })
            .Select(pair => new PlotSeries(pair.run.Outcome.Name, Points(pair.run.Sharing!), pair.index))];
        return series.Length == 0 ? null : new ReportFigure(
            "exploration", "How soon samples part",
            "Rows of logits computed for each sampled token, by the token's place in the sample (summed over doublings). 100%: every sample goes its own "
            + "way. The less, the more samples are still the same.",
            new CurvePlot
            {
                Label = ReportFigures.Label("computed rows per sampled token by place in the sample", series),
                Series = series,
                Across = "place of the token, from",
                Upward = "rows per sampled token",
            },
            FigureNumbers.OfSeries("from", series));
    }

    private static PlotPoint[] Points(SharingStatistics sharing)
    {
        var doublings = new (long Tokens, long Rows)[BitOperations.Log2((uint)Math.Max(1, sharing.TokensByDepth.Count)) + 1];
        for (var depth = 0; depth < sharing.TokensByDepth.Count; depth++)
        {
            ref var sum = ref doublings[BitOperations.Log2((uint)depth + 1)];
            sum.Tokens += sharing.TokensByDepth[depth];
            sum.Rows += depth < sharing.RowsByDepth.Count ? sharing.RowsByDepth[depth] : 0;
        }
        return [.. doublings
            .Select((sum, doubling) => (Place: 1 << doubling, sum))
            .Where(entry => entry.sum.Tokens > 0)
            .Select(entry => new PlotPoint(entry.Place, (double)entry.sum.Rows / entry.sum.Tokens))];
    }
}
