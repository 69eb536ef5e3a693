using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// The maximum-likelihood spread of p over problems: a beta distribution, with a share of problems at p = 0 where that raises twice the
/// log likelihood by more than the log of the number of problems. Source of the criterion: Schwarz, "Estimating the dimension of a model",
/// Annals of Statistics 6, 1978.
/// </summary>
internal sealed class SpreadFit
{
    // Likelihood differences this small, in units of a problem, change nothing that is reported.
    private const double Precision = 1e-9;
    private const double SmallestSpread = 0.05;

    private readonly Optimum _plain;
    private readonly Optimum _inflated;

    private SpreadFit(Optimum plain, Optimum inflated, int problems)
    {
        (_plain, _inflated) = (plain, inflated);
        BicOfZeros = (2 * (inflated.Loss - plain.Loss)) + Math.Log(problems);
        Model = BicOfZeros < 0 ? inflated.Model : plain.Model;
    }

    /// <summary>The model that was chosen.</summary>
    public ZeroInflatedBeta Model { get; }

    /// <summary>BIC of the zero-inflated model less that of the plain one: below 0 the data ask for it.</summary>
    public double BicOfZeros { get; }

    /// <summary>The fit to the problems as they are.</summary>
    /// <exception cref="InputException">The counts cannot tell how p is spread.</exception>
    public static SpreadFit Of(CountGroups groups)
    {
        Demand(groups);
        return Fit(groups, groups.Weights, Optimum.At(Start(groups, share: 0)[..2]), Optimum.At(Start(groups, share: 0.5)));
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
        return any && !all ? Fit(groups, weights, _plain, _inflated) : null;
    }

    private static SpreadFit Fit(CountGroups groups, int[] weights, Optimum plain, Optimum inflated)
    {
        var likelihood = new BetaBinomialLikelihood(groups.Counts, weights);
        var problems = weights.Sum();
        return new SpreadFit(
            plain.Next(likelihood, problems * Precision), inflated.Next(likelihood, problems * Precision), problems);
    }

    /// <summary>
    /// ln alpha, ln beta by moments, once a share of the problems without a correct sample is taken to be at p = 0, and its logit.
    /// </summary>
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
        if (groups.Weights.Sum() < 2)
            throw Refused("there is one problem, and how p is spread over problems takes at least two.");
        if (groups.Counts.All(count => count.Correct == 0))
            throw Refused("no sample of any problem is correct, so the counts do not tell how small p is.");
        if (groups.Counts.All(count => count.Samples == 1))
            throw Refused("every problem has one sample, and how p is spread over problems takes at least two of some.");

        static InputException Refused(string reason) => new($"no forecast can be made: {reason}");
    }

    /// <summary>The parameters that maximise a likelihood, and how it curves there.</summary>
    private sealed record Optimum(double[] Parameters, double[] InverseHessian, double Loss)
    {
        public ZeroInflatedBeta Model => new(
            Math.Exp(Parameters[0]), Math.Exp(Parameters[1]), Parameters.Length > 2 ? 1 / (1 + Math.Exp(-Parameters[2])) : 0);

        public static Optimum At(double[] start) => new(start, new double[start.Length * start.Length], double.NaN);

        public Optimum Next(BetaBinomialLikelihood likelihood, double precision)
        {
            double[] parameters = [.. Parameters], inverse = [.. InverseHessian];
            var loss = QuasiNewton.Minimise(likelihood.At, parameters, inverse, precision);
            return new Optimum(parameters, inverse, loss);
        }
    }
}
