using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The number of successes among independent trials that each have their own probability, exactly: one trial after the other is folded
/// into the distribution of the count, O(N^2) for N trials. Every term is positive, so a probability keeps a relative precision of about
/// N units in the last place, small tails included; below 1e-308 it is 0.
/// </summary>
public sealed class PoissonBinomial
{
    private readonly double[] _mass;

    private PoissonBinomial(double mean, double[] mass) => (Mean, _mass) = (mean, mass);

    /// <summary>The expected number of successes: the sum of the probabilities.</summary>
    public double Mean { get; }

    /// <summary>N.</summary>
    public int Trials => _mass.Length - 1;

    /// <summary>P(X = successes), for 0 to N successes.</summary>
    public double this[int successes] => _mass[successes];

    /// <param name="probabilities">Of each trial, in [0, 1]; their order changes no bit.</param>
    /// <exception cref="InputException">A probability is outside [0, 1].</exception>
    public static PoissonBinomial Of(IEnumerable<double> probabilities)
    {
        var ordered = probabilities.Order().ToArray();
        var mass = new double[ordered.Length + 1];
        mass[0] = 1;
        for (var trial = 0; trial < ordered.Length; trial++)
        {
            var success = ordered[trial];
            if (!(success >= 0 && success <= 1))
                throw new InputException($"the probability of a trial is {success}, expected 0 to 1.");
            for (var count = trial + 1; count > 0; count--)
                mass[count] = (mass[count] * (1 - success)) + (mass[count - 1] * success);
            mass[0] *= 1 - success;
        }
        return new PoissonBinomial(ordered.Sum(), mass);
    }

    /// <summary>P(X at least successes): 1 at 0 or below, 0 above N.</summary>
    public double AtLeast(int successes)
    {
        if (successes <= 0)
            return 1;
        var tail = 0.0;
        // The largest counts are the least likely where the tail is small: small terms first.
        for (var count = Trials; count >= successes; count--)
            tail += _mass[count];
        return Math.Min(tail, 1);
    }

    /// <summary>
    /// The central range that holds X with at least this confidence: the largest low with P(X below low) at most half of what confidence
    /// leaves, the smallest high with P(X above high) at most as much. No approximation.
    /// </summary>
    public (int Low, int High) Range(double confidence)
    {
        var tail = (1 - confidence) / 2;
        var (low, below) = (0, 0.0);
        while (low < Trials && below + _mass[low] <= tail)
            below += _mass[low++];
        var (high, above) = (Trials, 0.0);
        while (high > low && above + _mass[high] <= tail)
            above += _mass[high--];
        return (low, high);
    }
}
