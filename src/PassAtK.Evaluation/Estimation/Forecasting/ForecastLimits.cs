using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>How far forecasts go and how their intervals are drawn.</summary>
internal static class ForecastLimits
{
    /// <summary>The largest k is at most so many times the smallest n: further out the answer is the model's alone.</summary>
    public const int LargestRatio = 64;

    /// <summary>Every resample is fitted anew, so there are fewer than of measured curves.</summary>
    private const int MostResamples = 1_000;

    public static BootstrapSettings Resampling(BootstrapSettings settings) =>
        settings with { Resamples = Math.Min(settings.Resamples, MostResamples) };

    /// <exception cref="InputException">The largest k needs no forecast or is out of reach.</exception>
    public static void Demand(int largestK, int samples)
    {
        if (largestK <= samples)
            throw new InputException($"the forecast ends at k = {largestK}, expected more than {samples}: up to there pass@k is measured.");
        if (largestK > (long)LargestRatio * samples)
        {
            throw new InputException(
                $"the forecast ends at k = {largestK}, expected at most {(long)LargestRatio * samples}, which is {LargestRatio} times "
                + $"the {samples} samples of the problem with the fewest.");
        }
    }
}
