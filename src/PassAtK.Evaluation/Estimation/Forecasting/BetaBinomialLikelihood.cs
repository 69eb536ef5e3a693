namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// Minus the log likelihood of counts under a (zero-inflated) beta-binomial, without the binomial coefficients, and its gradient. The
/// parameters are ln alpha, ln beta and, where there is a third, the logit of the share at p = 0.
/// </summary>
internal sealed class BetaBinomialLikelihood(IReadOnlyList<(int Samples, int Correct)> counts, double[] weights)
{
    // Alpha and beta between 1e-6 and 1e6, shares at 0 from 1e-6 on: beyond, problems are as good as equal, or all at 0 or 1, or none at 0.
    private const double Farthest = 13.8;
    private const double Steepness = 1e3;

    /// <summary>The value, and the gradient in <paramref name="gradient"/>.</summary>
    public double At(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        gradient.Clear();
        var (alpha, beta) = (Math.Exp(parameters[0]), Math.Exp(parameters[1]));
        var atZero = parameters.Length > 2 ? 1 / (1 + Math.Exp(-parameters[2])) : 0;
        var total = Fence(parameters, gradient);
        var (samplesOfAll, all) = (0, (Log: 0.0, Slope: 0.0));
        for (var group = 0; group < weights.Length; group++)
        {
            if (weights[group] == 0)
                continue;
            var (samples, correct) = counts[group];
            // Most runs have as many samples of each problem.
            if (samples != samplesOfAll)
                (samplesOfAll, all) = (samples, RisingFactorial.LogAndSlope(alpha + beta, samples));
            var right = RisingFactorial.LogAndSlope(alpha, correct);
            var wrong = RisingFactorial.LogAndSlope(beta, samples - correct);
            var log = right.Log + wrong.Log - all.Log;
            // Of the problems with such a count, this share is not at p = 0.
            var (belongs, slopeOfZero) = (1.0, -atZero);
            if (correct == 0 && atZero > 0)
            {
                var probability = atZero + ((1 - atZero) * Math.Exp(log));
                total -= weights[group] * Math.Log(probability);
                belongs = 1 - (atZero / probability);
                slopeOfZero = (atZero / probability) - atZero;
            }
            else
            {
                total -= weights[group] * (log + Math.Log(1 - atZero));
            }
            gradient[0] -= weights[group] * belongs * alpha * (right.Slope - all.Slope);
            gradient[1] -= weights[group] * belongs * beta * (wrong.Slope - all.Slope);
            if (gradient.Length > 2)
                gradient[2] -= weights[group] * slopeOfZero;
        }
        return total;
    }

    // Likelihoods without a maximum rise towards infinite parameters; a steep parabola ends the search there.
    private static double Fence(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var total = 0.0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var beyond = parameters[i] - Math.Clamp(parameters[i], -Farthest, Farthest);
            total += Steepness * beyond * beyond;
            gradient[i] += 2 * Steepness * beyond;
        }
        return total;
    }
}
