using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Reports;

/// <summary>The model behind a forecast.</summary>
/// <param name="Shapes">How p may be spread over problems, and what each shape counts for.</param>
/// <param name="Resamples">Resamples of the problems, each fitted anew, behind the intervals.</param>
public sealed record ForecastModelReport(IReadOnlyList<SpreadShape> Shapes, int Resamples)
{
    internal static ForecastModelReport Of(PassAtKForecast forecast, BootstrapSettings settings) =>
        new(forecast.Shapes, ForecastLimits.Resampling(settings).Resamples);
}

/// <summary>What a forecast from some of a run's samples says of pass@k that all of them show.</summary>
/// <param name="K">k, above the samples that the forecast saw.</param>
/// <param name="Forecast">The estimate from those.</param>
/// <param name="Observed">The unbiased estimate from all samples, over the same problems.</param>
/// <param name="Error">Forecast - Observed.</param>
/// <param name="Within">Whether the forecast's interval holds Observed.</param>
public readonly record struct BackTestPoint(int K, double Forecast, double Observed, double Error, bool Within)
{
    /// <summary>At each k that every problem has enough samples for.</summary>
    internal static IReadOnlyList<BackTestPoint> Of(IReadOnlyList<CurvePoint> forecast, IReadOnlyList<ProblemCounts> whole)
    {
        var samples = whole.Min(problem => problem.Samples);
        return [.. forecast.Where(point => point.K <= samples).Select(Compare)];

        BackTestPoint Compare(CurvePoint point)
        {
            var observed = whole.Average(problem => PassAtKEstimator.Estimate(problem.Samples, problem.Correct, point.K));
            return new BackTestPoint(
                point.K, point.Estimate, observed, point.Estimate - observed, point.Low <= observed && observed <= point.High);
        }
    }
}

/// <summary>A comparison beyond the samples of its runs; nothing of it is measured.</summary>
/// <param name="Base">pass@k of the base run.</param>
/// <param name="Other">pass@k of the other run.</param>
/// <param name="Difference">other - base.</param>
/// <param name="BaseShapes">How p may be spread over problems for the base run.</param>
/// <param name="OtherShapes">And for the other.</param>
/// <param name="Crossover">Where the base overtakes for good, null where it does not up to the forecast's end.</param>
/// <param name="CrossoverSearch">How that was looked for.</param>
/// <param name="Resamples">Resamples of the problems, each fitted anew, behind the intervals.</param>
public sealed record ComparisonForecastReport(
    IReadOnlyList<CurvePoint> Base,
    IReadOnlyList<CurvePoint> Other,
    IReadOnlyList<CurvePoint> Difference,
    IReadOnlyList<SpreadShape> BaseShapes,
    IReadOnlyList<SpreadShape> OtherShapes,
    CrossoverReport? Crossover,
    CrossoverSearch CrossoverSearch,
    int Resamples)
{
    internal static ComparisonForecastReport Of(PairedForecast forecast, BootstrapSettings settings) => new(
        forecast.Base, forecast.Other, forecast.Difference, forecast.BaseShapes, forecast.OtherShapes,
        CrossoverReport.Of(forecast.Crossover), CrossoverSearch.Of(forecast.Crossover), ForecastLimits.Resampling(settings).Resamples);
}
