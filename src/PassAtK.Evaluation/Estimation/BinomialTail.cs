namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The lower tail of a binomial distribution through the regularised incomplete beta function, which also serves counts of millions and
/// counts that are not whole. Source: Abramowitz and Stegun 6.6.4 (tail), 26.5.8 (continued fraction), 6.1.41 (log gamma).
/// </summary>
internal static class BinomialTail
{
    private const double Precision = 1e-15;

    /// <summary>P(X at most successes) for so many trials of probability <paramref name="p"/>.</summary>
    public static double AtMost(double successes, double trials, double p) =>
        successes >= trials ? 1 : IncompleteBeta(1 - p, p, trials - successes, successes + 1);

    /// <summary>I_x(a, b), with y = 1 - x given apart, so that neither loses digits.</summary>
    internal static double IncompleteBeta(double x, double y, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (y <= 0)
            return 1;
        // The fraction converges fast on this side; the other side is its mirror.
        return x <= (a + 1) / (a + b + 2) ? Direct(x, y, a, b) : 1 - Direct(y, x, b, a);
    }

    private static double Direct(double x, double y, double a, double b)
    {
        var scale = Math.Exp((a * Math.Log(x)) + (b * Math.Log(y)) + LogGamma(a + b) - LogGamma(a) - LogGamma(b));
        return scale == 0 ? 0 : scale / (a * ContinuedFraction(x, a, b));
    }

    // Lentz's method on 1 + d1 / (1 + d2 / (1 + ...)).
    private static double ContinuedFraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        double value = 1, numerator = 1, denominator = 0;
        for (var i = 1; i < 1_000_000; i++)
        {
            var m = i / 2;
            var term = i % 2 == 0
                ? m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)))
                : -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            denominator = 1 + (term * denominator);
            denominator = 1 / (denominator == 0 ? Tiny : denominator);
            numerator = 1 + (term / numerator);
            numerator = numerator == 0 ? Tiny : numerator;
            var change = numerator * denominator;
            value *= change;
            if (Math.Abs(change - 1) <= Precision)
                break;
        }
        return value;
    }

    // Stirling's series, exact to rounding from 15 on; smaller arguments are raised to there first.
    private static double LogGamma(double x)
    {
        var raised = 1.0;
        for (; x < 15; x++)
            raised *= x;
        var inverseSquare = 1 / (x * x);
        var series = ((((((-691.0 / 360360 * inverseSquare) + (1.0 / 1188)) * inverseSquare - (1.0 / 1680)) * inverseSquare
            + (1.0 / 1260)) * inverseSquare - (1.0 / 360)) * inverseSquare + (1.0 / 12)) / x;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - Math.Log(raised);
    }
}
