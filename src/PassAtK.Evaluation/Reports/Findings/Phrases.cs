using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>Numbers as sentences hold them.</summary>
internal static class Phrases
{
    /// <summary>"43.2% [40.1, 46.0]".</summary>
    public static string Share(CurvePoint point) => $"{Figures.Percent(point.Estimate)}% [{Figures.Percent(point.Low)}, "
        + $"{Figures.Percent(point.High)}]";

    /// <summary>"rl minus base: +22.1 points [+15.0, +29.3]".</summary>
    public static string Difference(string minuend, string subtrahend, CurvePoint point) =>
        $"{minuend} minus {subtrahend}: {Figures.SignedPercent(point.Estimate)} points "
            + $"[{Figures.SignedPercent(point.Low)}, {Figures.SignedPercent(point.High)}]";

    /// <summary>The same the other way round: first - second as second - first.</summary>
    public static CurvePoint Reversed(CurvePoint point) => new(point.K, -point.Estimate, -point.High, -point.Low);

    /// <summary>"5%" of 95% intervals.</summary>
    public static string Outside(double confidence) =>
        (100 * (1 - confidence)).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture) + "%";

    public static string Tries(int k) => k == 1 ? "one try" : $"{Figures.Whole(k)} tries";
}
