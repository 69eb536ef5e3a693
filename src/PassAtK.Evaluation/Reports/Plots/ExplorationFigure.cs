using System.Numerics;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>
/// How much of the space samples explore at each depth: rows of logits computed for each sampled token, by the token's place in the
/// sample. A row is computed once for all samples that are the same up to there, so 1 means that no two samples of a problem agree so far,
/// 1/n that all n do. Depths are summed over doublings: 1, 2 to 3, 4 to 7, ...
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
            "Computations of the model for each token of the samples, by the token's place. Samples of a problem that are the same so far "
                + "share one. 100%: every sample has gone its own way; the less, the more of them are still word for word the same. "
                + $"Places are taken together: 1, 2 to 3, 4 to 7 and so on.{Ends(runs, series)}",
            new CurvePlot
            {
                Label = ReportFigures.Label("computations per token by place in the sample", series),
                Series = series,
                Across = "place of the token in its sample, from",
                Upward = "computations per token",
            },
            FigureNumbers.OfSeries("from", series));
    }

    // Why a line ends before another does.
    private static string Ends(IReadOnlyList<ReportedRun> runs, IReadOnlyList<PlotSeries> series)
    {
        var last = series.Max(line => line.Points[^1].X);
        return string.Concat(series.Where(line => line.Points[^1].X < last).Select(line =>
            $" The line of {line.Name} ends where its samples do: the longest has {Longest(runs[line.Colour!.Value].Sharing!)} tokens."));
    }

    private static int Longest(SharingStatistics sharing)
    {
        var longest = sharing.TokensByDepth.Count;
        while (longest > 0 && sharing.TokensByDepth[longest - 1] == 0)
            longest--;
        return longest;
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
