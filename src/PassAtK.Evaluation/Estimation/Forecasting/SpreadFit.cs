using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// The maximum-likelihood spread of p over problems: a beta distribution, with a share of problems at p = 0 where that raises twice the
/// log likelihood by more than the log of the number of problems. Source of the criterion: Schwarz, "Estimating the dimension of a model",
/// Annals of Statistics 6, 1978. Forecasts average both with other shapes; adaptive runs plan by the chosen one.
/// </summary>
internal sealed class SpreadFit
{
    private const double SmallestSpread = 0.05;
    // A share that has become nothing no longer changes the likelihood, so a search that begins there stays: one problem in twenty.
    private const double LeastStart = -3;
    private static readonly double[] StartShares = [0.1, 0.5, 0.9];

    private readonly Optimum _plain;
    private readonly Optimum _inflated;

    private SpreadFit(Optimum plain, Optimum inflated, double problems)
    {
        (_plain, _inflated) = (plain, inflated);
        BicOfZeros = (2 * (inflated.Loss - plain.Loss)) + Math.Log(problems);
    }

    /// <summary>The model that was chosen.</summary>
    public ZeroInflatedBeta Model => BicOfZeros < 0 ? Inflated : Plain;

    public ZeroInflatedBeta Plain => ModelAt(_plain);

    public ZeroInflatedBeta Inflated => ModelAt(_inflated);

    /// <summary>Minus the log likelihood, without the binomial coefficients, of the plain model.</summary>
    public double PlainLoss => _plain.Loss;

    /// <summary>The same of the zero-inflated one.</summary>
    public double InflatedLoss => _inflated.Loss;

    /// <summary>BIC of the zero-inflated model less that of the plain one: below 0 the data ask for it.</summary>
    public double BicOfZeros { get; }

    /// <summary>The fit to the problems as they are: the best of several starts.</summary>
    /// <exception cref="InputException">The counts cannot tell how p is spread.</exception>
    public static SpreadFit Of(CountGroups groups)
    {
        Demand(groups);
        var starts = Array.ConvertAll(StartShares, share => Start(groups, share));
        return Fit(groups, groups.Weights, [Optimum.At(Start(groups, share: 0)[..2]), .. starts.Select(start => Optimum.At(start[..2]))],
            [.. starts.Select(Optimum.At)]);
    }

    /// <summary>The fit to a resample, begun at this one.</summary>
    public SpreadFit Again(CountGroups groups, double[] weights)
    {
        var inflated = _inflated.Parameters[2] >= LeastStart
            ? _inflated
            : Optimum.At([_inflated.Parameters[0], _inflated.Parameters[1], LeastStart]);
        return Fit(groups, weights, [_plain], [inflated]);
    }

    private static SpreadFit Fit(CountGroups groups, double[] weights, Optimum[] plain, Optimum[] inflated)
    {
        var likelihood = new BetaBinomialLikelihood(groups.Counts, weights);
        var problems = weights.Sum();
        return new SpreadFit(
            Optimum.Best(plain, likelihood.At, problems * Optimum.Precise), Optimum.Best(inflated, likelihood.At, problems * Optimum.Precise),
            problems);
    }

    private static ZeroInflatedBeta ModelAt(Optimum optimum) => new(
        Math.Exp(optimum.Parameters[0]), Math.Exp(optimum.Parameters[1]),
        optimum.Parameters.Length > 2 ? 1 / (1 + Math.Exp(-optimum.Parameters[2])) : 0);

    /// <summary>
    /// ln alpha, ln beta by moments, once a share of the problems without a correct sample is taken to be at p = 0, and its logit.
    /// </summary>
    private static double[] Start(CountGroups groups, double share)
    {
        var problems = groups.Weights.Sum();
        var atZero = 0.0;
        var (weight, sum, squares) = (0.0, 0.0, 0.0);
        for (var group = 0; group < groups.Weights.Length; group++)
        {
            var (samples, correct) = groups.Counts[group];
            double many = groups.Weights[group], rate = (double)correct / samples;
            if (correct == 0)
            {
                atZero += share * many;
                many -= share * many;
            }
            weight += many;
            sum += many * rate;
            squares += many * rate * rate;
        }
        var mean = Math.Clamp(sum / weight, 1e-4, 1 - 1e-4);
        var spread = Math.Max((squares / weight) - (mean * mean), SmallestSpread * mean * (1 - mean));
        var size = Math.Max((mean * (1 - mean) / spread) - 1, 0.1);
        return [Math.Log(mean * size), Math.Log((1 - mean) * size), Logit(Math.Clamp(atZero / problems, 0.01, 0.9))];
    }

    private static double Logit(double share) => Math.Log(share / (1 - share));

    private static void Demand(CountGroups groups)
    {
        if (groups.Weights.Sum() < 2)
            throw Refused("there is one problem, and how p is spread over problems takes at least two.");
        if (groups.Counts.All(count => count.Correct == 0))
            throw Refused("no sample of any problem is correct, so the counts do not tell how small p is.");
        if (groups.Counts.All(count => count.Samples == 1))
            throw Refused("every problem has one sample, and how p is spread over problems takes at least two of some.");

        static InputException Refused(string reason) => new($"no forecast can be made: {reason}");
    }
}
