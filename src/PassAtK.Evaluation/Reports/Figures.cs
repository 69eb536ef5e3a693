using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>How numbers of a report are written in tables: percent with one decimal, limits in brackets.</summary>
internal static class Figures
{
    public static string Percent(double share) => (100 * share).ToString("0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    public static string SignedPercent(double share) => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    /// <summary>Three cells of a table: estimate, lower limit with its bracket, upper limit with its.</summary>
    public static string[] Cells(CurvePoint point) =>
        [Percent(point.Estimate), $"[{Percent(point.Low)},", $"{Percent(point.High)}]"];

    public static string[] SignedCells(CurvePoint point) =>
        [SignedPercent(point.Estimate), $"[{SignedPercent(point.Low)},", $"{SignedPercent(point.High)}]"];

    /// <summary>"32.5% [26.6, 38.8]".</summary>
    public static string Share(ShareEstimate share) => $"{Percent(share.Estimate)}% [{Percent(share.Low)}, {Percent(share.High)}]";

    public static string Intervals(IntervalReport interval) =>
        $"[{Confidence(interval)} intervals] by {interval.Method}";

    public static string Confidence(IntervalReport interval) =>
        (100 * interval.Confidence).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>A count of problems: whole, or an expected count with one decimal.</summary>
    public static string Count(double count) => count.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>At how many samples of either run solvable sets are read: "64 tries each", or "16 to 18 tries each".</summary>
    public static string Tries(SolvableSets sets) => sets.TriesFewest == sets.TriesMost
        ? Plural(sets.TriesMost, "try", "tries") + " each"
        : $"{Whole(sets.TriesFewest)} to {Whole(sets.TriesMost)} tries each";

    public static string Whole(int k) => k.ToString(CultureInfo.InvariantCulture);

    /// <summary>A k between whole ones, with three significant digits.</summary>
    public static string K(double k) => k.ToString(k < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);

    public static string Times(double ratio) => ratio.ToString(ratio < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);

    public static string Entropy(SamplingEntropy entropy) => $"{Nats(entropy.PerToken)} nats a token, {Nats(entropy.PerSample)} a sample";

    public static string PValue(double p) => p.ToString(p < 1e-3 ? "0.0e-0" : "0.000", CultureInfo.InvariantCulture);

    public static string Plural(long count, string noun, string? many = null) =>
        $"{count.ToString(CultureInfo.InvariantCulture)} {(count == 1 ? noun : many ?? noun + "s")}";

    // Three significant digits of the estimate, and limits as fine.
    private static string Nats(MeanEstimate mean)
    {
        var format = mean.Estimate < 1 ? "0.000" : mean.Estimate < 10 ? "0.00" : "0.0";
        return $"{Text(mean.Estimate)} [{Text(mean.Low)}, {Text(mean.High)}]";

        string Text(double nats) => nats.ToString(format, CultureInfo.InvariantCulture);
    }
}
