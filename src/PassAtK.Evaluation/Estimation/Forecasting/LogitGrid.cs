using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// Equally spaced logits of p and how likely each group of counts is at them. The likelihood of n samples is no narrower in the logit than
/// 2 / sqrt(n), and at steps of that width sums over spreads that are no narrower are integrals to nine digits (trapezoidal rule; Trefethen and Weideman, SIAM Review 56, 2014).
/// </summary>
internal sealed class LogitGrid
{
    private const double LargestStep = 0.25;
    // Beyond both ends p is so close to 0 or 1 that no count and no k of a forecast tells how close.
    private const double Beyond = 12;
    // e^-40 is below the rounding of what it would be added to.
    private const double Negligible = -40;

    private readonly (int First, double[] Values)[] _likelihoods;

    public LogitGrid(IReadOnlyList<(int Samples, int Correct)> counts)
    {
        var most = counts.Max(count => count.Samples);
        Step = Math.Min(LargestStep, 2 / Math.Sqrt(most));
        var (low, high) = (-Math.Log((double)ForecastLimits.LargestRatio * most) - Beyond, Math.Log(most) + Beyond);
        Logits = [.. Enumerable.Range(0, (int)((high - low) / Step) + 1).Select(i => low + (i * Step))];
        _likelihoods = [.. counts.Select(Band)];
        LogPeaks = [.. counts.Select(count => LogLikelihood(count, Peak(count)))];
    }

    public double[] Logits { get; }

    public double Step { get; }

    /// <summary>The log of each group's likelihood at p = c / n, which those of <see cref="Likelihood"/> are relative to.</summary>
    public double[] LogPeaks { get; }

    /// <summary>The likelihood of one group at the logits from First on; it is negligible at others.</summary>
    public (int First, double[] Values) Likelihood(int group) => _likelihoods[group];

    /// <summary>(1 - p)^k at each logit.</summary>
    public double[] Unsolved(int k) => [.. Logits.Select(logit => Math.Exp(-k * SoftPlus(logit)))];

    /// <summary>In four lanes on every machine, so that vector width changes no bit.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var lanes = Vector256<double>.Zero;
        var lefts = MemoryMarshal.Cast<double, Vector256<double>>(left);
        var rights = MemoryMarshal.Cast<double, Vector256<double>>(right);
        for (var i = 0; i < lefts.Length; i++)
            lanes += lefts[i] * rights[i];
        var sum = lanes[0] + lanes[1] + lanes[2] + lanes[3];
        for (var i = lefts.Length * Vector256<double>.Count; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    private (int First, double[] Values) Band((int Samples, int Correct) count)
    {
        var peak = LogLikelihood(count, Peak(count));
        var logs = Array.ConvertAll(Logits, logit => LogLikelihood(count, logit) - peak);
        var (first, last) = (Array.FindIndex(logs, log => log > Negligible), Array.FindLastIndex(logs, log => log > Negligible));
        return (first, [.. logs[first..(last + 1)].Select(Math.Exp)]);
    }

    private static double Peak((int Samples, int Correct) count) => Math.Log((double)count.Correct / (count.Samples - count.Correct));

    private static double LogLikelihood((int Samples, int Correct) count, double logit) =>
        (count.Correct == 0 ? 0 : -count.Correct * SoftPlus(-logit))
        - (count.Correct == count.Samples ? 0 : (count.Samples - count.Correct) * SoftPlus(logit));

    // ln(1 + e^x), which is -ln(1 - p) of the logit x.
    private static double SoftPlus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    // For x in [0, 1]: what 1 + x rounds away is put back.
    private static double Log1P(double x)
    {
        var rounded = 1 + x;
        return rounded == 1 ? x : Math.Log(rounded) * (x / (rounded - 1));
    }
}
