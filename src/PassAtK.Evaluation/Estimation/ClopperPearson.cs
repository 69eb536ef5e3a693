namespace PassAtK.Evaluation.Estimation;

/// <summary>The exact interval of a binomial share. Source: Clopper and Pearson, Biometrika 26, 1934.</summary>
public static class ClopperPearson
{
    /// <summary>Limits of the share behind so many successes of so many trials, each tail half of what confidence leaves.</summary>
    public static (double Low, double High) Interval(double successes, double trials, double confidence)
    {
        var tail = (1 - confidence) / 2;
        var low = successes <= 0 ? 0 : Bisect(p => 1 - BinomialTail.AtMost(successes - 1, trials, p) < tail);
        var high = successes >= trials ? 1 : Bisect(p => BinomialTail.AtMost(successes, trials, p) > tail);
        return (low, high);
    }

    // 60 halvings of [0, 1] leave less than the spacing of doubles near any limit that can be printed.
    private static double Bisect(Func<double, bool> isBelow)
    {
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = isBelow(middle) ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }
}
