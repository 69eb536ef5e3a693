using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">k at least 1, ascending; values as fractions in [0, 1].</param>
public sealed record ChartSeries(string Name, IReadOnlyList<(int K, double Value)> Points)
{
    /// <summary>SGR foreground code, 30 to 37 or 90 to 97; null writes no escape codes.</summary>
    public int? AnsiColour { get; init; }

    /// <summary>A reference such as the chance line: sparse dots without markers.</summary>
    public bool IsGuide { get; init; }

    public static ChartSeries Of(string name, IEnumerable<CurvePoint> points) =>
        new(name, [.. points.Select(point => (point.K, point.Estimate))]);

    public static ChartSeries Guide(string name, IEnumerable<ChancePoint> points) =>
        new(name, [.. points.Select(point => (point.K, point.Estimate))]) { IsGuide = true };
}
