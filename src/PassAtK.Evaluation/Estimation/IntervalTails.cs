namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// Which percentiles of resampled means bound an interval. A bootstrap distribution is that of a normal mean whose variance is known; with
/// n problems the variance is an estimate itself, so percentiles are taken where Student's t with n - 1 degrees of freedom has the wanted
/// tail. Source: Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69, 2015, section 4.3, without its
/// factor sqrt(n / (n - 1)) for resamples that are too narrow: what half a problem more adds is larger.
/// </summary>
internal static class IntervalTails
{
    // Beyond this many standard errors a normal tail is below 1e-9: less than one in any number of resamples.
    private const double Far = 6;

    /// <summary>The share of resamples below the lower limit, and above the upper one.</summary>
    /// <param name="problems">n, at least 2.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static double Share(int problems, double confidence) => NormalTail(StudentQuantile(problems - 1, (1 - confidence) / 2));

    /// <summary>The t that a variable of Student's distribution exceeds with probability <paramref name="tail"/>, below 1/2.</summary>
    internal static double StudentQuantile(int degrees, double tail)
    {
        // P(T > t) = I_x(v / 2, 1 / 2) / 2 with x = v / (v + t^2): Abramowitz and Stegun 26.7.1. It rises with x.
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 100; step++)
        {
            var x = (low + high) / 2;
            (low, high) = BinomialTail.IncompleteBeta(x, 1 - x, degrees / 2.0, 0.5) / 2 < tail ? (x, high) : (low, x);
        }
        return Math.Sqrt(degrees * (1 - high) / high);
    }

    /// <summary>P(Z > z) of a standard normal variable, z at least 0; 0 beyond 6. Source: Abramowitz and Stegun 26.2.11.</summary>
    internal static double NormalTail(double z)
    {
        if (z > Far)
            return 0;
        double term = z, sum = z;
        for (var odd = 3; term > 1e-17 * sum; odd += 2)
            sum += term *= z * z / odd;
        return Math.Max(0, 0.5 - (sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)));
    }
}
