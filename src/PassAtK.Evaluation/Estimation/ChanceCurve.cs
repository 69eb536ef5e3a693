using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// What blind guessing would reach: the mean over problems of 1 - (1 - p)^k, p a problem's chance that one guess is correct. At large k
/// luck solves much; a pass@k curve says something only above this line.
/// </summary>
public static class ChanceCurve
{
    /// <summary>The mean at each k, as a fraction.</summary>
    /// <param name="ladder">Values of k.</param>
    /// <param name="chances">p of each problem, in [0, 1].</param>
    /// <exception cref="InputException">No problems, or a chance outside [0, 1].</exception>
    public static double[] Of(IReadOnlyList<int> ladder, IReadOnlyCollection<double> chances)
    {
        if (chances.Count == 0)
            throw new InputException("the list of chances is empty, expected one for each problem.");
        foreach (var chance in chances)
            Validate(chance);
        var ordered = chances.Order().ToArray();
        return [.. ladder.Select(k => ordered.Sum(chance => Solved(chance, k)) / ordered.Length)];
    }

    /// <summary>1 - (1 - p)^k: the probability that at least one of k guesses at one problem is correct.</summary>
    /// <exception cref="InputException">The chance is outside [0, 1].</exception>
    public static double OfProblem(double chance, int k)
    {
        Validate(chance);
        return Solved(chance, k);
    }

    // By repeated squaring of the unsolved share, kept as solved shares so that small chances lose no digits.
    private static double Solved(double chance, int k)
    {
        var solved = 0.0;
        for (; k > 0; k >>= 1)
        {
            if ((k & 1) == 1)
                solved += (1 - solved) * chance;
            chance *= 2 - chance;
        }
        return solved;
    }

    private static void Validate(double chance)
    {
        if (!(chance >= 0 && chance <= 1))
            throw new InputException($"the chance of a problem is {chance}, expected 0 to 1.");
    }
}
