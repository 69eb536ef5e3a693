namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// McNemar's exact test of paired yes/no results: under the null hypothesis each discordant pair falls on either side with probability
/// one half. Source: McNemar, Psychometrika 12, 1947; exact binomial form.
/// </summary>
public static class McNemar
{
    // 2^-1000 is still a normal double; from there on the incomplete beta function takes over.
    private const int MostPairsToSum = 1_000;

    /// <summary>
    /// Two-sided p: twice the probability of min(b, c) or fewer of b + c fair coin tosses, at most 1; 1 without discordant pairs.
    /// </summary>
    public static double TwoSidedP(int baseOnly, int otherOnly)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(baseOnly);
        ArgumentOutOfRangeException.ThrowIfNegative(otherOnly);
        if (baseOnly == otherOnly)
            return 1;
        var (few, pairs) = (Math.Min(baseOnly, otherOnly), (long)baseOnly + otherOnly);
        var tail = pairs <= MostPairsToSum ? SumOfTosses(few, (int)pairs) : BinomialTail.AtMost(few, pairs, 0.5);
        return Math.Min(1, 2 * tail);
    }

    // C(n, i) / 2^n for i up to `few`, each from the one before; powers of two are exact, and so is the sum up to 50 pairs.
    private static double SumOfTosses(int few, int pairs)
    {
        var term = Math.ScaleB(1, -pairs);
        var sum = term;
        for (var i = 0; i < few; i++)
        {
            term = term * (pairs - i) / (i + 1);
            sum += term;
        }
        return sum;
    }
}
