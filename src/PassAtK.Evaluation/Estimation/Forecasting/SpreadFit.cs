using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// The maximum-likelihood spread of p over problems: a beta distribution, with a share of problems at p = 0 where that raises twice the log
/// likelihood by more than the log of the number of problems. Source of the criterion: Schwarz, "Estimating the dimension of a model", 1978.
/// </summary>
/// <param name="Model">The one that was chosen.</param>
/// <param name="BicOfZeros">BIC of the zero-inflated model less that of the plain one: below 0 the data ask for it.</param>
internal readonly record struct SpreadFit(ZeroInflatedBeta Model, double BicOfZeros)
{
    // Likelihood differences this small, in units of a problem, change nothing that is reported.
    private const double Precision = 1e-9;
    private const double SmallestSpread = 0.05;

    /// <summary>The fit to the problems as they are.</summary>
    /// <exception cref="InputException">The counts cannot tell how p is spread.</exception>
    public static SpreadFit Of(CountGroups groups)
    {
        Demand(groups);
        var plain = Start(groups, share: 0);
        var inflated = Start(groups, share: 0.5)[..3];
        return Choose(groups.Counts, groups.Weights, plain[..2], inflated);
    }

    /// <summary>The fit to a resample, begun at this one. Null where the resample holds no correct sample, or is all correct.</summary>
    public SpreadFit? Again(CountGroups groups, int[] weights)
    {
        var (any, all) = (false, true);
        for (var group = 0; group < weights.Length; group++)
        {
            var (samples, correct) = groups.Counts[group];
            any |= weights[group] > 0 && correct > 0;
            all &= weights[group] == 0 || correct == samples;
        }
        if (!any || all)
            return null;
        double[] plain = [Math.Log(Model.Alpha), Math.Log(Model.Beta)];
        double[] inflated = [.. plain, Model.AtZero > 0 ? Logit(Model.AtZero) : -2];
        return Choose(groups.Counts, weights, plain, inflated);
    }

    private static SpreadFit Choose(IReadOnlyList<(int Samples, int Correct)> counts, int[] weights, double[] plain, double[] inflated)
    {
        var likelihood = new BetaBinomialLikelihood(counts, weights);
        var problems = weights.Sum();
        var plainLoss = QuasiNewton.Minimise(likelihood.At, plain, problems * Precision);
        var inflatedLoss = QuasiNewton.Minimise(likelihood.At, inflated, problems * Precision);
        var bicOfZeros = (2 * (inflatedLoss - plainLoss)) + Math.Log(problems);
        return bicOfZeros < 0
            ? new SpreadFit(new ZeroInflatedBeta(Math.Exp(inflated[0]), Math.Exp(inflated[1]), 1 / (1 + Math.Exp(-inflated[2]))), bicOfZeros)
            : new SpreadFit(new ZeroInflatedBeta(Math.Exp(plain[0]), Math.Exp(plain[1]), 0), bicOfZeros);
    }

    /// <summary>ln alpha, ln beta by moments, once a share of the problems without a correct sample is taken to be at p = 0, and its logit.</summary>
    private static double[] Start(CountGroups groups, double share)
    {
        var problems = (double)groups.Weights.Sum();
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
        var problems = groups.Weights.Sum();
        if (problems < 2)
            throw new InputException("no forecast can be made: there is one problem, and how p is spread over problems takes at least two.");
        if (groups.Counts.All(count => count.Correct == 0))
            throw new InputException("no forecast can be made: no sample of any problem is correct, so the counts do not tell how small p is.");
        if (groups.Counts.All(count => count.Samples == 1))
            throw new InputException("no forecast can be made: every problem has one sample, and how p is spread over problems takes at least two of some.");
    }
}
