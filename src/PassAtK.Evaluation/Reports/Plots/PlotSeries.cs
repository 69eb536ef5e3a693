using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>A value at one place with its interval, where it has one; all as fractions.</summary>
public readonly record struct PlotPoint(double X, double Y, double? Low = null, double? High = null)
{
    internal static PlotPoint Of(CurvePoint point) => new(point.K, point.Estimate, point.Low, point.High);
}

/// <summary>One line of a plot with the band of its intervals.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">Ascending in X.</param>
/// <param name="Colour">Which colour, dash and marker, from 0; null for a reference such as the chance line.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<PlotPoint> Points, int? Colour)
{
    /// <summary>Extrapolated, not measured: drawn in dashes.</summary>
    public bool IsForecast { get; init; }

    internal static PlotSeries Of(string name, IEnumerable<CurvePoint> points, int colour) =>
        new(name, [.. points.Select(PlotPoint.Of)], colour);
}

/// <summary>A place on the horizontal axis with its interval; a null limit lies beyond the right end.</summary>
public sealed record PlotMark(string Label, double X, double? Low, double? High);
