namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// Minimises a smooth function of a few parameters by BFGS with backtracking. Source: Nocedal and Wright, "Numerical optimization", 2006,
/// algorithm 6.1 and section 3.1.
/// </summary>
internal static class QuasiNewton
{
    private const int MostSteps = 300;
    private const int MostHalvings = 40;
    private const double LongestStep = 2;
    private const double SufficientDecrease = 1e-4;

    public delegate double Function(ReadOnlySpan<double> parameters, Span<double> gradient);

    /// <param name="function">Value and gradient.</param>
    /// <param name="parameters">Where to begin; then the minimum.</param>
    /// <param name="inverse">
    /// [parameters, parameters]: an estimate of the inverse Hessian, from a neighbouring problem say, or zeros; then that at the minimum.
    /// </param>
    /// <param name="precision">The search ends where a full step promises less than this.</param>
    /// <returns>The value there.</returns>
    public static double Minimise(Function function, Span<double> parameters, Span<double> inverse, double precision)
    {
        var size = parameters.Length;
        Span<double> gradient = stackalloc double[size], direction = stackalloc double[size];
        Span<double> next = stackalloc double[size], nextGradient = stackalloc double[size];
        var value = function(parameters, gradient);
        var isFresh = inverse[0] == 0;
        if (isFresh)
            Reset(inverse, size);
        for (var step = 0; step < MostSteps; step++)
        {
            var slope = Direction(inverse, gradient, direction);
            if (-slope < precision)
                break;
            if (!Search(function, parameters, value, direction, slope, next, nextGradient, out var nextValue))
            {
                // The curvature that was gathered misleads: once more from the gradient alone.
                if (isFresh)
                    break;
                Reset(inverse, size);
                isFresh = true;
                continue;
            }
            isFresh = !Update(inverse, parameters, next, gradient, nextGradient, isFresh);
            next.CopyTo(parameters);
            nextGradient.CopyTo(gradient);
            value = nextValue;
        }
        return value;
    }

    private static void Reset(Span<double> inverse, int size)
    {
        inverse.Clear();
        for (var i = 0; i < size; i++)
            inverse[(i * size) + i] = 1;
    }

    /// <summary>direction = -inverse gradient; returns the slope along it.</summary>
    private static double Direction(ReadOnlySpan<double> inverse, ReadOnlySpan<double> gradient, Span<double> direction)
    {
        var slope = 0.0;
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = -Dot(inverse.Slice(i * direction.Length, direction.Length), gradient);
            slope += direction[i] * gradient[i];
        }
        return slope;
    }

    private static bool Search(
        Function function, ReadOnlySpan<double> from, double value, ReadOnlySpan<double> direction, double slope,
        Span<double> next, Span<double> nextGradient, out double nextValue)
    {
        var longest = 0.0;
        foreach (var part in direction)
            longest = Math.Max(longest, Math.Abs(part));
        var length = Math.Min(1, LongestStep / longest);
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            for (var i = 0; i < next.Length; i++)
                next[i] = from[i] + (length * direction[i]);
            nextValue = function(next, nextGradient);
            if (nextValue <= value + (SufficientDecrease * length * slope))
                return true;
        }
        nextValue = value;
        return false;
    }

    // Nocedal and Wright, equation 6.17; false where the step shows no positive curvature.
    private static bool Update(
        Span<double> inverse, ReadOnlySpan<double> from, ReadOnlySpan<double> to, ReadOnlySpan<double> gradientFrom,
        ReadOnlySpan<double> gradientTo, bool isFresh)
    {
        var size = from.Length;
        Span<double> moved = stackalloc double[size], turned = stackalloc double[size], scaled = stackalloc double[size];
        for (var i = 0; i < size; i++)
            (moved[i], turned[i]) = (to[i] - from[i], gradientTo[i] - gradientFrom[i]);
        var curvature = Dot(moved, turned);
        if (!(curvature > 1e-12 * Dot(turned, turned)))
            return false;
        if (isFresh)
        {
            // The first guess of the scale: their equation 6.20.
            for (var i = 0; i < size; i++)
                inverse[(i * size) + i] = curvature / Dot(turned, turned);
        }
        for (var i = 0; i < size; i++)
            scaled[i] = Dot(inverse.Slice(i * size, size), turned);
        var stretch = (1 + (Dot(turned, scaled) / curvature)) / curvature;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                inverse[(i * size) + j] +=
                    (stretch * moved[i] * moved[j]) - (((scaled[i] * moved[j]) + (moved[i] * scaled[j])) / curvature);
            }
        }
        return true;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
