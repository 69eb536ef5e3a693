using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">k at least 1, ascending; values as fractions in [0, 1].</param>
public sealed record ChartSeries(string Name, IReadOnlyList<(int K, double Value)> Points)
{
    // Blue and yellow stay apart for every kind of colour vision; grey steps back.
    private const int Blue = 94;
    private const int Yellow = 33;
    private const int Grey = 90;
    private static readonly int[] Others = [Yellow, 95, 96, 91, 92, 93, 97];

    /// <summary>SGR foreground code, 30 to 37 or 90 to 97; null writes no escape codes.</summary>
    public int? AnsiColour { get; init; }

    /// <summary>A reference such as the chance line: sparse dots without markers.</summary>
    public bool IsGuide { get; init; }

    /// <summary>The curve of a report, with the chance line where there is one.</summary>
    public static IReadOnlyList<ChartSeries> Of(RunReport report, bool colours = false) =>
    [
        Curve(report.Name, report.PassAtK, colours ? Blue : null),
        .. Guide([.. report.PassAtK.Select(point => point.K)], report.Chance?.Select(point => point.Estimate), colours),
        .. Forecast("forecast", report.PassAtK[^1], report.Forecast, colours ? Blue : null),
    ];

    /// <summary>Both curves of a comparison, with the chance line where there is one.</summary>
    public static IReadOnlyList<ChartSeries> Of(ComparisonReport report, bool colours = false) =>
    [
        Curve(report.BaseName, report.BaseIntervals, colours ? Blue : null),
        Curve(report.OtherName, report.OtherIntervals, colours ? Yellow : null),
        .. Guide(report.K, report.Chance, colours),
        .. Forecast("base, forecast", report.BaseIntervals[^1], report.Forecast?.Base, colours ? Blue : null),
        .. Forecast("other, forecast", report.OtherIntervals[^1], report.Forecast?.Other, colours ? Yellow : null),
    ];

    /// <summary>All curves of a series, with the chance line where there is one.</summary>
    public static IReadOnlyList<ChartSeries> Of(SeriesReport report, bool colours = false) =>
    [
        Curve(report.BaseName, report.Base, colours ? Blue : null),
        .. report.Comparisons.Select((run, i) => Curve(run.OtherName, run.OtherIntervals, colours ? Others[i % Others.Length] : null)),
        .. Guide(report.K, report.Comparisons[0].Chance, colours),
    ];

    // From the last measured point on, without markers: nothing there is measured.
    private static IEnumerable<ChartSeries> Forecast(string name, CurvePoint last, IReadOnlyList<CurvePoint>? points, int? colour) =>
        points is null ? [] : [Curve(name, [last, .. points], colour) with { IsGuide = true }];

    private static ChartSeries Curve(string name, IEnumerable<CurvePoint> points, int? colour) =>
        new(name, [.. points.Select(point => (point.K, point.Estimate))]) { AnsiColour = colour };

    private static IEnumerable<ChartSeries> Guide(IReadOnlyList<int> ladder, IEnumerable<double>? chance, bool colours) =>
        chance is null ? [] : [new("chance", [.. ladder.Zip(chance)]) { IsGuide = true, AnsiColour = colours ? Grey : null }];
}
