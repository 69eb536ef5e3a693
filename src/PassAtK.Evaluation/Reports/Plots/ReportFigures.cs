using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>The figures of a report, each made by itself; one that the data cannot fill is left out.</summary>
public static class ReportFigures
{
    internal const string Tries = "k, samples of each problem";

    public static IReadOnlyList<ReportFigure> Of(RunReport report, ReportedRun run) => Of(
        [new(report.Name, report.PassAtK, report.AboveChance, report.MajAtK, report.Forecast, run)],
        report.Chance?.Select(point => point.Estimate), report.Interval, pair: null);

    public static IReadOnlyList<ReportFigure> Of(ComparisonReport report, ReportedRun @base, ReportedRun other) => Of(
        [
            new(report.BaseName, report.BaseIntervals, report.BaseAboveChance, report.MajAtK?.Base, report.Forecast?.Base, @base),
            new(report.OtherName, report.OtherIntervals, report.OtherAboveChance, report.MajAtK?.Other, report.Forecast?.Other, other),
        ],
        report.Chance, report.Interval, report);

    /// <param name="runs">One, or those of the pair.</param>
    /// <param name="chance">What guessing reaches at the k of the curves; null where that is not known.</param>
    /// <param name="interval">How intervals were drawn.</param>
    /// <param name="pair">What only a comparison tells; null for one run.</param>
    private static IReadOnlyList<ReportFigure> Of(
        IReadOnlyList<Drawn> runs, IEnumerable<double>? chance, IntervalReport interval, ComparisonReport? pair)
    {
        var mark = Mark(pair?.Crossover);
        return
        [
            .. new[]
            {
                PassAtK(runs, chance, mark, interval),
                pair is null ? null : Difference(pair.BaseName, [(pair.OtherName, pair.Difference)], mark),
                pair is null ? null : Solved(pair),
                AboveChance([.. runs.Select(run => (run.Name, run.AboveChance))], interval),
                Majority([.. runs.Select(run => (run.Name, run.MajAtK))], interval),
                Forecast(runs, Mark(pair?.Forecast?.Crossover), interval),
                Accuracy(Common([.. runs.Select(run => run.Run.Outcome with { Name = run.Name })])),
                ExplorationFigure.Of([.. runs.Select(run => run.Run)]),
                pair is null ? null : PerplexityFigure.Of([pair]),
            }.OfType<ReportFigure>(),
        ];
    }

    private sealed record Drawn(
        string Name, IReadOnlyList<CurvePoint> PassAtK, AboveChanceReport? AboveChance, IReadOnlyList<CurvePoint>? MajAtK,
        IReadOnlyList<CurvePoint>? Forecast, ReportedRun Run);

    private static ReportFigure PassAtK(IReadOnlyList<Drawn> runs, IEnumerable<double>? chance, PlotMark? mark, IntervalReport interval)
    {
        PlotSeries[] curves = [.. runs.Select((run, index) => PlotSeries.Of(run.Name, run.PassAtK, index))];
        PlotSeries[] series = chance is null
            ? curves
            :
            [
                .. curves,
                new PlotSeries("chance", [.. runs[0].PassAtK.Zip(chance, (point, value) => new PlotPoint(point.K, value))], null),
            ];
        var caption = "How likely at least one of k samples is correct, mean over problems. Bands are "
            + $"{Figures.Confidence(interval)} intervals.";
        if (chance is not null)
            caption += " Dots: blind guessing with as many tries.";
        if (mark is not null)
            caption += " Dashed: where the base overtakes for good, with its interval in grey.";
        return new ReportFigure(
            "pass-at-k", "pass@k", caption,
            new CurvePlot { Label = Label("pass@k by k", series), Series = series, Across = Tries, Upward = "pass@k", Mark = mark },
            FigureNumbers.OfSeries("k", series));
    }

    internal static ReportFigure Difference(
        string baseName, IReadOnlyList<(string Name, IReadOnlyList<CurvePoint> Points)> others, PlotMark? mark)
    {
        PlotSeries[] series = [.. others.Select((other, index) => PlotSeries.Of($"{other.Name} − {baseName}", other.Points, index + 1))];
        var ahead = others.Count == 1 ? others[0].Name : "the other run";
        return new ReportFigure(
            "difference", "Who is ahead, and by how much",
            $"Above 0 {ahead} is ahead, below it {baseName}. Where the band holds 0 neither can be said to lead at that k.",
            new CurvePlot
            {
                Label = Label("difference of pass@k by k", series, isSigned: true),
                Series = series,
                Across = Tries,
                Upward = "difference, percentage points",
                IsSigned = true,
                Mark = mark,
            },
            FigureNumbers.OfSeries("k", series, FigureColumn.Points));
    }

    internal static ReportFigure? AboveChance(IReadOnlyList<(string Name, AboveChanceReport? Above)> runs, IntervalReport interval)
    {
        if (runs.Any(run => run.Above is null))
            return null;
        PlotSeries[] series = [.. runs.Select((run, index) => PlotSeries.Of(run.Name, run.Above!.Difference, index))];
        return new ReportFigure(
            "above-chance", "What is more than luck",
            $"pass@k minus what blind guessing reaches with k tries. Where the {Figures.Confidence(interval)} band holds 0 a run cannot be "
                + "told from guessing.",
            new CurvePlot
            {
                Label = Label("pass@k less chance by k", series, isSigned: true),
                Series = series,
                Across = Tries,
                Upward = "pass@k − chance, percentage points",
                IsSigned = true,
            },
            FigureNumbers.OfSeries("k", series, FigureColumn.Points));
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

    private static ReportFigure? Forecast(IReadOnlyList<Drawn> runs, PlotMark? mark, IntervalReport interval)
    {
        if (runs.Any(run => run.Forecast is not { Count: > 0 }))
            return null;
        PlotSeries[] series =
        [
            .. runs.Select((run, index) => PlotSeries.Of(run.Name, run.PassAtK, index)),
            .. runs.Select((run, index) => PlotSeries.Of($"{run.Name}, forecast", run.Forecast!, index) with { IsForecast = true }),
        ];
        // A forecast's line starts where the measured one ends; its numbers do not.
        PlotSeries[] drawn =
        [
            .. series.Select((line, index) => line.IsForecast
                ? line with { Points = [series[index - runs.Count].Points[^1], .. line.Points] }
                : line),
        ];
        return new ReportFigure(
            "forecast", "Beyond the samples: a forecast",
            $"Solid: measured. Dashes: not measured but extrapolated by a fitted model, with its {Figures.Confidence(interval)} intervals.",
            new CurvePlot
            {
                Label = Label("pass@k, measured and forecast", series),
                Series = drawn,
                Across = Tries,
                Upward = "pass@k",
                Mark = mark,
            },
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
            $"Problems that a run solves with {Figures.Tries(sets)}."
                + (sets.McNemarP is null ? " The runs have different numbers of samples: these are expected numbers of problems." : ""),
            new SetsPlot { Label = $"Problems solved: {label}.", Sets = classes },
            new FigureNumbers([new("set"), new("problems")], [.. classes.Select(set => new object?[] { set.Name, set.Count })]));
    }

    internal static ReportFigure Accuracy(IReadOnlyList<RunOutcome> runs)
    {
        (string Name, IReadOnlyList<int> Counts)[] counts = [.. runs.Select(run => (run.Name, AccuracyClasses.Count(run.Problems)))];
        return new ReportFigure(
            "accuracy", "How often each problem is solved",
            "Problems by the share of their samples that is correct: none at all (0%), then by tenths from the share that is named, then "
                + "all (100%). What moves to both ends is solved more surely or no more.",
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
                [new("series"), new("class"), new("problems")],
                [
                    .. counts.SelectMany(run => run.Counts.Select(
                        (count, index) => new object?[] { run.Name, AccuracyClasses.Names[index].Long, count })),
                ]));
    }

    /// <summary>The runs with the problems that all of them have.</summary>
    internal static IReadOnlyList<RunOutcome> Common(IReadOnlyList<RunOutcome> runs)
    {
        var ids = runs.Select(run => run.Problems.Select(problem => problem.Id)).Aggregate((left, right) => left.Intersect(right))
            .ToHashSet(StringComparer.Ordinal);
        return [.. runs.Select(run => run with { Problems = [.. run.Problems.Where(problem => ids.Contains(problem.Id))] })];
    }

    // The first and last value of each line: what a reader of the drawing takes home.
    internal static string Label(string what, IReadOnlyList<PlotSeries> series, bool isSigned = false)
    {
        return $"Line chart, {what}. " + string.Join(
            ' ', series.Select(line => $"{line.Name}: {At(line.Points[0])}, {At(line.Points[^1])}."));

        string At(PlotPoint point) =>
            string.Create(CultureInfo.InvariantCulture, $"{CurvePlot.Written(point.Y, isSigned)} at {point.X}");
    }
}
