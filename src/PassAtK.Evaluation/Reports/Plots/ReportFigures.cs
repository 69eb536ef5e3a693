using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>The figures of a report, each made by itself; one that the data cannot fill is left out.</summary>
public static class ReportFigures
{
    internal const string Tries = "k, samples of each problem";

    public static IReadOnlyList<ReportFigure> Of(RunReport report, ReportedRun run) =>
    [
        .. new[]
        {
            PassAtK([PlotSeries.Of(report.Name, report.PassAtK, 0)], report.Chance?.Select(point => new PlotPoint(point.K, point.Estimate)), null, report.Interval),
            AboveChance([(report.Name, report.AboveChance)], report.Interval),
            Majority([(report.Name, report.MajAtK)], report.Interval),
            Forecast([(report.Name, report.PassAtK, report.Forecast)], null, report.Interval),
            Accuracy([run.Outcome with { Name = report.Name }]),
            ExplorationFigure.Of([run]),
        }.OfType<ReportFigure>(),
    ];

    public static IReadOnlyList<ReportFigure> Of(ComparisonReport report, ReportedRun @base, ReportedRun other)
    {
        var mark = Mark(report.Crossover);
        var chance = report.Chance is null ? null : report.K.Zip(report.Chance, (k, value) => new PlotPoint(k, value));
        PlotSeries[] curves = [PlotSeries.Of(report.BaseName, report.BaseIntervals, 0), PlotSeries.Of(report.OtherName, report.OtherIntervals, 1)];
        return
        [
            .. new[]
            {
                PassAtK(curves, chance, mark, report.Interval),
                Difference(report.BaseName, [(report.OtherName, report.Difference)], mark),
                Solved(report),
                AboveChance([(report.BaseName, report.BaseAboveChance), (report.OtherName, report.OtherAboveChance)], report.Interval),
                Majority([(report.BaseName, report.MajAtK?.Base), (report.OtherName, report.MajAtK?.Other)], report.Interval),
                Forecast(
                    [(report.BaseName, report.BaseIntervals, report.Forecast?.Base), (report.OtherName, report.OtherIntervals, report.Forecast?.Other)],
                    Mark(report.Forecast?.Crossover), report.Interval),
                Accuracy(Common([@base.Outcome with { Name = report.BaseName }, other.Outcome with { Name = report.OtherName }])),
                ExplorationFigure.Of([@base, other]),
                PerplexityFigure.Of([report]),
            }.OfType<ReportFigure>(),
        ];
    }

    private static ReportFigure PassAtK(IReadOnlyList<PlotSeries> curves, IEnumerable<PlotPoint>? chance, PlotMark? mark, IntervalReport interval)
    {
        PlotSeries[] series = chance is null ? [.. curves] : [.. curves, new PlotSeries("chance", [.. chance], null)];
        var caption = $"How likely at least one of k samples is correct, mean over problems. Bands are {Figures.Confidence(interval)} intervals.";
        if (chance is not null)
            caption += " Dots: blind guessing with as many tries.";
        if (mark is not null)
            caption += " Dashed: where the base overtakes for good, with its interval in grey.";
        return new ReportFigure(
            "pass-at-k", "pass@k", caption,
            new CurvePlot { Label = Label("pass@k by k", series), Series = series, Across = Tries, Upward = "pass@k", Mark = mark },
            FigureNumbers.OfSeries("k", series));
    }

    internal static ReportFigure Difference(string baseName, IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Points)> others, PlotMark? mark)
    {
        PlotSeries[] series = [.. others.Select((other, index) => PlotSeries.Of($"{other.Name} − {baseName}", other.Points, index + 1))];
        var ahead = others.Count == 1 ? others[0].Name : "the other run";
        return new ReportFigure(
            "difference", "Who is ahead, and by how much",
            $"Above 0 {ahead} is ahead, below it {baseName}. Where the band holds 0 neither can be said to lead at that k.",
            new CurvePlot
            {
                Label = Label("difference of pass@k by k", series),
                Series = series,
                Across = Tries,
                Upward = "difference, percentage points",
                IsSigned = true,
                Mark = mark,
            },
            FigureNumbers.OfSeries("k", series));
    }

    internal static ReportFigure? AboveChance(IReadOnlyList<(string Name, AboveChanceReport? Above)> runs, IntervalReport interval)
    {
        if (runs.Any(run => run.Above is null))
            return null;
        PlotSeries[] series = [.. runs.Select((run, index) => PlotSeries.Of(run.Name, run.Above!.Difference, index))];
        return new ReportFigure(
            "above-chance", "What is more than luck",
            $"pass@k less what blind guessing reaches with k tries. Where the {Figures.Confidence(interval)} band holds 0 a run cannot be told from guessing.",
            new CurvePlot
            {
                Label = Label("pass@k less chance by k", series),
                Series = series,
                Across = Tries,
                Upward = "pass@k − chance, percentage points",
                IsSigned = true,
            },
            FigureNumbers.OfSeries("k", series));
    }

    internal static ReportFigure? Majority(IReadOnlyList<(string Name, IReadOnlyList<CurvePoint>? Points)> runs, IntervalReport interval)
    {
        if (runs.Any(run => run.Points is null))
            return null;
        PlotSeries[] series = [.. runs.Select((run, index) => PlotSeries.Of(run.Name, run.Points!, index))];
        return new ReportFigure(
            "maj-at-k", "When k samples vote",
            $"How likely the most frequent answer among k samples is the correct one. Bands are {Figures.Confidence(interval)} intervals.",
            new CurvePlot { Label = Label("maj@k by k", series), Series = series, Across = Tries, Upward = "maj@k" },
            FigureNumbers.OfSeries("k", series));
    }

    private static ReportFigure? Forecast(
        IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Measured, IReadOnlyList<CurvePoint>? Forecast)> runs, PlotMark? mark, IntervalReport interval)
    {
        if (runs.Any(run => run.Forecast is not { Count: > 0 }))
            return null;
        PlotSeries[] series =
        [
            .. runs.Select((run, index) => PlotSeries.Of(run.Name, run.Measured, index)),
            .. runs.Select((run, index) => PlotSeries.Of($"{run.Name}, forecast", run.Forecast!, index) with { IsForecast = true }),
        ];
        // A forecast's line starts where the measured one ends; its numbers do not.
        PlotSeries[] drawn =
        [
            .. series.Select((line, index) => line.IsForecast ? line with { Points = [series[index - runs.Count].Points[^1], .. line.Points] } : line),
        ];
        return new ReportFigure(
            "forecast", "Beyond the samples: a forecast",
            $"Solid: measured. Dashes: not measured but extrapolated by a fitted model, with its {Figures.Confidence(interval)} intervals.",
            new CurvePlot { Label = Label("pass@k, measured and forecast", series), Series = drawn, Across = Tries, Upward = "pass@k", Mark = mark },
            FigureNumbers.OfSeries("k", series));
    }

    private static PlotMark? Mark(CrossoverReport? crossover) =>
        crossover is null ? null : new PlotMark($"k* = {Figures.K(crossover.K)}", crossover.K, crossover.Low, crossover.High);

    private static ReportFigure Solved(ComparisonReport report)
    {
        var sets = report.Solvable;
        (string Name, double Count, string Style)[] classes =
        [
            ("both", sets.Both, SetsPlot.Shared),
            ($"only {report.BaseName}", sets.BaseOnly, SvgStyle.Fill(0)),
            ($"only {report.OtherName}", sets.OtherOnly, SvgStyle.Fill(1)),
            ("neither", sets.Neither, SetsPlot.Nothing),
        ];
        var label = string.Join(", ", classes.Select(set => $"{set.Name} {Figures.Count(set.Count)}"));
        return new ReportFigure(
            "solved", "Who solves what at all",
            $"Problems with a correct one among {Figures.Plural(report.K[^1], "sample")} of each run.",
            new SetsPlot { Label = $"Problems solved: {label}.", Sets = classes },
            new FigureNumbers(["set", "problems"], [.. classes.Select(set => new object?[] { set.Name, set.Count })]));
    }

    internal static ReportFigure Accuracy(IReadOnlyList<RunOutcome> runs)
    {
        (string Name, IReadOnlyList<int> Counts)[] counts = [.. runs.Select(run => (run.Name, AccuracyClasses.Count(run.Problems)))];
        return new ReportFigure(
            "accuracy", "How often each problem is solved",
            "Problems by the share of their samples that is correct: none, then by tenths, then all. What moves to both ends is solved more surely or no more.",
            new BarPlot
            {
                Label = "Histogram of problems by the share of correct samples: " + string.Join("; ", counts.Select(run =>
                    $"{run.Name}: none correct {run.Counts[0]}, all correct {run.Counts[^1]}")) + ".",
                Classes = AccuracyClasses.Names,
                Runs = counts,
                Across = "share of samples correct, from",
                Upward = "problems",
            },
            new FigureNumbers(
                ["series", "class", "problems"],
                [.. counts.SelectMany(run => run.Counts.Select((count, index) => new object?[] { run.Name, AccuracyClasses.Names[index].Long, count }))]));
    }

    /// <summary>The runs with the problems that all of them have.</summary>
    internal static IReadOnlyList<RunOutcome> Common(IReadOnlyList<RunOutcome> runs)
    {
        var ids = runs.Select(run => run.Problems.Select(problem => problem.Id)).Aggregate((left, right) => left.Intersect(right))
            .ToHashSet(StringComparer.Ordinal);
        return [.. runs.Select(run => run with { Problems = [.. run.Problems.Where(problem => ids.Contains(problem.Id))] })];
    }

    // The first and last value of each line: what a reader of the drawing takes home.
    internal static string Label(string what, IReadOnlyList<PlotSeries> series) =>
        $"Line chart, {what}. " + string.Join(' ', series.Select(line => string.Create(
            CultureInfo.InvariantCulture,
            $"{line.Name}: {Figures.Percent(line.Points[0].Y)}% at {line.Points[0].X}, {Figures.Percent(line.Points[^1].Y)}% at {line.Points[^1].X}.")));
}
