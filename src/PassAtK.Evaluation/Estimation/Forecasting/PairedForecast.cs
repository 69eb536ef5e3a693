using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// Both curves of a comparison beyond their samples: each run is fitted by itself, over the common problems, and in every resample problems
/// stay paired.
/// </summary>
/// <param name="Base">pass@k of the base run beyond the largest common k.</param>
/// <param name="Other">pass@k of the other run.</param>
/// <param name="Difference">other - base.</param>
/// <param name="BaseShapes">How p may be spread for the base run.</param>
/// <param name="OtherShapes">And for the other.</param>
/// <param name="Crossover">Where the base overtakes for good, looked for up to the forecast's largest k.</param>
public sealed record PairedForecast(
    IReadOnlyList<CurvePoint> Base,
    IReadOnlyList<CurvePoint> Other,
    IReadOnlyList<CurvePoint> Difference,
    IReadOnlyList<SpreadShape> BaseShapes,
    IReadOnlyList<SpreadShape> OtherShapes,
    Crossover Crossover)
{
    /// <exception cref="InputException">Counts that tell nothing of p's spread, or a number outside its range.</exception>
    public static PairedForecast Of(PairedProblems problems, int largestK, BootstrapSettings? settings = null)
    {
        settings ??= BootstrapSettings.Default;
        ForecastLimits.Demand(largestK, problems.LargestK);
        var ladder = KLadder.Dense(largestK);
        var left = new ForecastCurve([.. problems.Pairs.Select(pair => pair.Base)], ladder);
        var right = new ForecastCurve([.. problems.Pairs.Select(pair => pair.Other)], ladder);
        var steps = ladder.Length;
        var means = ResampledMeans.Refit(
            problems.Pairs.Count, 3 * steps, ForecastLimits.Resampling(settings),
            row =>
            {
                left.Estimate(row[..steps]);
                right.Estimate(row[steps..(2 * steps)]);
                Subtract(row, steps);
            },
            (resample, weights, row) =>
            {
                left.Resample(settings.Seed, resample, 0, weights, row[..steps]);
                right.Resample(settings.Seed, resample, 1, weights, row[steps..(2 * steps)]);
                Subtract(row, steps);
            });
        int[] beyond = [.. KLadder.Doubling(largestK).Where(k => k > problems.LargestK)];
        return new PairedForecast(
            Points(0, ValueRange.Share), Points(steps, ValueRange.Share), Points(2 * steps, ValueRange.Difference),
            left.Shapes, right.Shapes,
            Crossover.Of(ladder, means, 2 * steps));

        IReadOnlyList<CurvePoint> Points(int first, ValueRange values) =>
            [.. beyond.Select(k => means.Point(k, first + Array.BinarySearch(ladder, k), values))];
    }

    private static void Subtract(Span<double> row, int steps)
    {
        for (var i = 0; i < steps; i++)
            row[(2 * steps) + i] = row[steps + i] - row[i];
    }
}
