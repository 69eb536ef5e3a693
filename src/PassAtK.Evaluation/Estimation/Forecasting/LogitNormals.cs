namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// Minus the log likelihood of counts, without the binomial coefficients, where the logit of p is spread over problems as one normal
/// distribution or a mixture of two, and its gradient. The parameters are mean and log of the standard deviation of each and, of two, the
/// logit of the first one's share. Source of the model: Coull and Agresti, "Random effects modeling of multiple binomial responses using the
/// multivariate binomial logit-normal distribution", Biometrics 56, 2000.
/// </summary>
internal sealed class LogitNormals(LogitGrid grid, double[] weights)
{
    // Standard deviations from 1/7 to 7, shares from 1/400 to 399/400: narrower, wider or rarer is not to be told from counts.
    private const double FarthestLogDeviation = 2;
    private const double FarthestShare = 6;
    private const double Steepness = 1e3;
    // Small, and far from where its inverse is infinite.
    private const double LeastProbability = 1e-300;

    private readonly double[][] _densities = [new double[grid.Logits.Length], new double[grid.Logits.Length]];
    private readonly double[] _mixture = new double[grid.Logits.Length];
    private readonly double[] _mass = new double[grid.Logits.Length];

    /// <summary>The value, and the gradient in <paramref name="gradient"/>.</summary>
    public double At(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        gradient.Clear();
        var total = Fence(parameters, gradient);
        Mix(parameters);
        _mass.AsSpan().Clear();
        for (var group = 0; group < weights.Length; group++)
        {
            var (first, likelihood) = grid.Likelihood(group);
            var probability = Math.Max(LogitGrid.Dot(likelihood, _mixture.AsSpan(first, likelihood.Length)), LeastProbability);
            total -= weights[group] * (Math.Log(probability) + grid.LogPeaks[group]);
            ScaledSum.Add(_mass.AsSpan(first, likelihood.Length), likelihood, weights[group] / probability);
        }
        if (parameters.Length == 2)
        {
            Slope(parameters, 0, 1, gradient);
            return total;
        }
        var share = Share(parameters);
        var (inFirst, inSecond) = (Slope(parameters, 0, share, gradient), Slope(parameters, 1, 1 - share, gradient));
        gradient[4] -= (inFirst * (1 - share)) - (inSecond * share);
        return total;
    }

    /// <summary>How probable each logit of the grid is.</summary>
    public ReadOnlySpan<double> Mix(ReadOnlySpan<double> parameters)
    {
        var share = Share(parameters);
        FillDensity(parameters, 0);
        if (parameters.Length > 2)
            FillDensity(parameters, 1);
        for (var i = 0; i < _mixture.Length; i++)
            _mixture[i] = (share * _densities[0][i]) + ((1 - share) * _densities[1][i]);
        return _mixture;
    }

    private static double Share(ReadOnlySpan<double> parameters) => parameters.Length == 2 ? 1 : 1 / (1 + Math.Exp(-parameters[4]));

    private void FillDensity(ReadOnlySpan<double> parameters, int component)
    {
        var (mean, deviation) = (parameters[2 * component], Math.Exp(parameters[(2 * component) + 1]));
        var density = _densities[component];
        // From the point closest to the mean outwards: a normal density changes from point to point by factors that themselves change by
        // one factor.
        var step = grid.Step / deviation;
        var closest = (int)Math.Clamp(Math.Round((mean - grid.Logits[0]) / grid.Step), 0, density.Length - 1);
        var distance = (grid.Logits[closest] - mean) / deviation;
        var bend = Math.Exp(-step * step);
        density[closest] = 1;
        var sum = 1.0;
        var factor = Math.Exp((-distance * step) - (step * step / 2));
        for (var i = closest + 1; i < density.Length; i++, factor *= bend)
            sum += density[i] = density[i - 1] * factor;
        factor = Math.Exp((distance * step) - (step * step / 2));
        for (var i = closest - 1; i >= 0; i--, factor *= bend)
            sum += density[i] = density[i + 1] * factor;
        for (var i = 0; i < density.Length; i++)
            density[i] /= sum;
    }

    /// <summary>Subtracts the slope along one component's mean and log deviation; returns how many problems belong to it.</summary>
    private double Slope(ReadOnlySpan<double> parameters, int component, double share, Span<double> gradient)
    {
        var (mean, deviation) = (parameters[2 * component], Math.Exp(parameters[(2 * component) + 1]));
        var density = _densities[component];
        var (problems, first, second, expectedFirst, expectedSecond) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < density.Length; i++)
        {
            var distance = (grid.Logits[i] - mean) / deviation;
            var belonging = share * density[i] * _mass[i];
            problems += belonging;
            first += belonging * distance;
            second += belonging * distance * distance;
            expectedFirst += density[i] * distance;
            expectedSecond += density[i] * distance * distance;
        }
        gradient[2 * component] -= (first - (problems * expectedFirst)) / deviation;
        gradient[(2 * component) + 1] -= second - (problems * expectedSecond);
        return problems;
    }

    // Where the likelihood has no maximum inside, a steep parabola ends the search.
    private double Fence(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var total = 0.0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var inside = i == 4 ? Math.Clamp(parameters[i], -FarthestShare, FarthestShare)
                : i % 2 == 1 ? Math.Clamp(parameters[i], -FarthestLogDeviation, FarthestLogDeviation)
                : Math.Clamp(parameters[i], grid.Logits[0], grid.Logits[^1]);
            total += Steepness * (parameters[i] - inside) * (parameters[i] - inside);
            gradient[i] += 2 * Steepness * (parameters[i] - inside);
        }
        return total;
    }
}
