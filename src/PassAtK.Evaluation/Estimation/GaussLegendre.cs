using System.Collections.Concurrent;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// Gauss-Legendre quadrature on [0, 1]: so many points integrate every polynomial of degree below twice their number exactly. Points are
/// the roots of the Legendre polynomial, found by Newton's method; source: NIST Digital Library of Mathematical Functions, 3.5(v).
/// </summary>
internal sealed class GaussLegendre
{
    private static readonly ConcurrentDictionary<int, GaussLegendre> Known = new();

    private GaussLegendre(int count)
    {
        (Points, Weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            // Tricomi's first guess is so close that few steps remain; the last one changes nothing.
            var x = Math.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            for (var step = 0; step < 8; step++)
            {
                var (value, slope) = Legendre(count, x);
                x -= value / slope;
            }
            var last = Legendre(count, x).Slope;
            (Points[i], Weights[i]) = ((1 + x) / 2, 1 / ((1 - (x * x)) * last * last));
        }
    }

    public double[] Points { get; }

    public double[] Weights { get; }

    /// <param name="degree">Of the polynomials, at least 0.</param>
    public static GaussLegendre OfDegree(int degree) => Known.GetOrAdd((degree / 2) + 1, count => new GaussLegendre(count));

    /// <summary>P_n(x) and its derivative, by the recurrence of three terms.</summary>
    private static (double Value, double Slope) Legendre(int n, double x)
    {
        var (before, value) = (1.0, x);
        for (var i = 2; i <= n; i++)
            (before, value) = (value, ((((2 * i) - 1) * x * value) - ((i - 1) * before)) / i);
        return (value, n * ((x * value) - before) / ((x * x) - 1));
    }
}
