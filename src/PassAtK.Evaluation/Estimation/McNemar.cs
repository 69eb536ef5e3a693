namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// McNemar's exact test of paired yes/no results: under the null hypothesis each discordant pair falls on either side with probability
/// one half. Source: McNemar, Psychometrika 12, 1947; exact binomial form.
/// </summary>
public static class McNemar
{
    /// <summary>
    /// Two-sided p: twice the probability of min(b, c) or fewer of b + c fair coin tosses, at most 1; 1 without discordant pairs.
    /// </summary>
    public static double TwoSidedP(int baseOnly, int otherOnly)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(baseOnly);
        ArgumentOutOfRangeException.ThrowIfNegative(otherOnly);
        if (baseOnly == otherOnly)
            return 1;
        return Math.Min(1, 2 * BinomialTail.AtMost(Math.Min(baseOnly, otherOnly), (double)baseOnly + otherOnly, 0.5));
    }
}
