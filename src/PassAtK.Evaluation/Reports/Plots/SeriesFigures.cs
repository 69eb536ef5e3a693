namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>The figures of several runs, those of a pair with a line for each run.</summary>
public static class SeriesFigures
{
    /// <param name="report">The numbers.</param>
    /// <param name="runs">All runs, the first the base.</param>
    public static IReadOnlyList<ReportFigure> Of(SeriesReport report, IReadOnlyList<ReportedRun> runs)
    {
        var (first, comparisons) = (report.Comparisons[0], report.Comparisons);
        return
        [
            .. new[]
            {
                PassAtK(report),
                ReportFigures.Difference(report.BaseName, [.. comparisons.Select(run => (run.OtherName, run.Difference))], mark: null),
                ReportFigures.AboveChance(Lines(report, first.BaseAboveChance, run => run.OtherAboveChance), first.Interval),
                ReportFigures.Majority(Lines(report, first.MajAtK?.Base, run => run.MajAtK?.Other), first.Interval),
                ReportFigures.Accuracy(ReportFigures.Common([.. runs.Select(run => run.Outcome)])),
                ExplorationFigure.Of(runs),
                PerplexityFigure.Of(comparisons),
            }.OfType<ReportFigure>(),
        ];
    }

    // Bands of all runs would hide each other, and they do not say how runs differ: that is the next figure. The numbers have them all.
    private static ReportFigure PassAtK(SeriesReport report)
    {
        PlotSeries[] measured = [.. Lines(report, report.Base, run => run.OtherIntervals)
            .Select((run, index) => PlotSeries.Of(run.Name, run.Of, index))];
        PlotSeries[] chance = report.Comparisons[0].Chance is { } values
            ? [new PlotSeries("chance", [.. report.K.Zip(values, (k, value) => new PlotPoint(k, value))], null)]
            : [];
        PlotSeries[] drawn =
        [
            measured[0],
            .. measured.Skip(1).Select(line => line with { Points = [.. line.Points.Select(point => new PlotPoint(point.X, point.Y))] }),
            .. chance,
        ];
        return new ReportFigure(
            "pass-at-k", "pass@k",
            "How likely at least one of k samples is correct, mean over problems. The band is the "
                + $"{Figures.Confidence(report.Comparisons[0].Interval)} interval of {report.BaseName}."
                + (chance.Length > 0 ? " Dots: blind guessing with as many tries." : ""),
            new CurvePlot
            {
                Label = ReportFigures.Label("pass@k by k", drawn),
                Series = drawn,
                Across = ReportFigures.Tries,
                Upward = "pass@k",
            },
            FigureNumbers.OfSeries("k", [.. measured, .. chance]));
    }

    private static IReadOnlyList<(string Name, T Of)> Lines<T>(SeriesReport report, T ofBase, Func<ComparisonReport, T> ofOther) =>
        [(report.BaseName, ofBase), .. report.Comparisons.Select(run => (run.OtherName, ofOther(run)))];
}
