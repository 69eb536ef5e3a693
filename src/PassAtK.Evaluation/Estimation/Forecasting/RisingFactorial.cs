namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// x (x + 1) ... (x + m - 1) = Gamma(x + m) / Gamma(x), of which beta-binomial probabilities are made. Few factors are multiplied; of more,
/// those below 15 are, and the rest is a difference of Stirling series (Abramowitz and Stegun 6.1.41 and 6.3.18) arranged so that large x
/// lose no digits.
/// </summary>
internal static class RisingFactorial
{
    private const int FewFactors = 16;
    private const double SeriesFrom = 15;

    /// <summary>The natural log.</summary>
    /// <param name="x">Above 0.</param>
    /// <param name="m">Number of factors, 0 or more.</param>
    public static double Log(double x, int m) => LogAndSlope(x, m).Log;

    /// <summary>The natural log, and its derivative by x: the sum of 1 / (x + j) over the factors.</summary>
    public static (double Log, double Slope) LogAndSlope(double x, int m)
    {
        if (m == 0)
            return (0, 0);
        // The product and its derivative; their ratio is the slope.
        var (product, change) = (1.0, 0.0);
        var most = m <= FewFactors ? double.PositiveInfinity : SeriesFrom;
        for (; m > 0 && x < most; m--, x++)
            (product, change) = (product * x, (change * x) + product);
        var (log, slope) = (Math.Log(product), change / product);
        if (m == 0)
            return (log, slope);
        var growth = Math.Log(1 + (m / x));
        return (
            log + ((x - 0.5) * growth) + (m * Math.Log(x + m)) - m + LogTail(x + m) - LogTail(x),
            slope + growth + SlopeTail(x + m) - SlopeTail(x));
    }

    private static double LogTail(double x)
    {
        var square = 1 / (x * x);
        return ((((((-1.0 / 1680 * square) + (1.0 / 1260)) * square) - (1.0 / 360)) * square) + (1.0 / 12)) / x;
    }

    private static double SlopeTail(double x)
    {
        var square = 1 / (x * x);
        return (-0.5 / x) + (((((((1.0 / 240 * square) - (1.0 / 252)) * square) + (1.0 / 120)) * square) - (1.0 / 12)) * square);
    }
}
