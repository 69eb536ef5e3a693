using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// pass@k beyond the samples of a run: extrapolated by four fitted shapes of how p is spread over problems, averaged by their weights, see
/// docs/forecasts.md. Intervals are by the Bayesian bootstrap over problems: each resample is fitted anew and forecast by one shape,
/// drawn with the weight it has there. Source of the beta-binomial shapes: Kazdan et al., "Efficient prediction of pass@k scaling in large language models", arXiv 2510.05197.
/// </summary>
/// <param name="Points">Estimate and interval at each k of the ladder 1, 2, 4, ... beyond the smallest n, and at the largest k.</param>
/// <param name="Shapes">How p may be spread over problems, and what each shape counts for.</param>
public sealed record PassAtKForecast(IReadOnlyList<CurvePoint> Points, IReadOnlyList<SpreadShape> Shapes)
{
    /// <param name="problems">Counts of the problems.</param>
    /// <param name="largestK">Where the forecast ends: above the smallest n, at most 64 times as much.</param>
    /// <param name="settings">How intervals are drawn; at most 1,000 resamples are.</param>
    /// <exception cref="InputException">No problems, an id that comes twice, counts that tell nothing of p's spread, or a number outside
    /// its range.</exception>
    public static PassAtKForecast Of(IReadOnlyList<ProblemCounts> problems, int largestK, BootstrapSettings? settings = null)
    {
        var ordered = ProblemCounts.InCanonicalOrder(problems);
        ForecastLimits.Demand(largestK, ordered[0].Samples);
        int[] ladder = [.. KLadder.Doubling(largestK).Where(k => k > ordered[0].Samples)];
        var curve = new ForecastCurve(ordered, ladder);
        var means = ResampledMeans.Refit(
            ordered.Length, ladder.Length, ForecastLimits.Resampling(settings ?? BootstrapSettings.Default),
            curve.Estimate, (resample, weights, means) => curve.Resample(settings?.Seed ?? 0, resample, 0, weights, means));
        return new PassAtKForecast(
            [.. ladder.Select((k, column) => means.Point(k, column, ValueRange.Share))], curve.Shapes);
    }
}
