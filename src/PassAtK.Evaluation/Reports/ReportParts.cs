using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>How every interval of a report was drawn.</summary>
public sealed record IntervalReport(string Method, int Resamples, double Confidence, ulong Seed)
{
    internal static IntervalReport Of(BootstrapSettings settings) =>
        new("Bayesian bootstrap over problems", settings.Resamples, settings.Confidence, settings.Seed);
}

/// <summary>What blind guessing reaches at one k, as a fraction.</summary>
public readonly record struct ChancePoint(int K, double Estimate)
{
    /// <summary>The guessing curve over a report's problems, or null where not all have a chance.</summary>
    internal static IReadOnlyList<ChancePoint>? Curve(ProblemChances chances, IReadOnlyList<int> ladder) => chances.ById is null
        ? null
        : [.. ChanceCurve.Of(ladder, [.. chances.ById.Values]).Zip(ladder, (value, k) => new ChancePoint(k, value))];
}

/// <summary>What sharing saved.</summary>
/// <param name="SampledTokens">Tokens drawn, all samples together.</param>
/// <param name="ComputedRows">Rows of logits computed for them.</param>
/// <param name="Exploration">Rows per token, in (0, 1]: 1 where no two samples ever agree.</param>
public sealed record SharingReport(long SampledTokens, long ComputedRows, double? Exploration)
{
    internal static SharingReport? Of(SharingCounts? counts) => counts is null
        ? null
        : new(counts.SampledTokens, counts.ComputedRows,
            counts.SampledTokens == 0 ? null : (double)counts.ComputedRows / counts.SampledTokens);
}

/// <summary>The truncation audit: what the token limit cut off.</summary>
/// <param name="Stop">Samples that ended by themselves.</param>
/// <param name="Length">Samples cut at the limit.</param>
/// <param name="WrongAndLength">Wrong samples among those.</param>
/// <param name="LengthShare">Length over all samples.</param>
/// <param name="LengthShareOfWrong">WrongAndLength over all wrong samples: how much of the failure the limit may explain.</param>
public sealed record FinishReport(long Stop, long Length, long WrongAndLength, double? LengthShare, double? LengthShareOfWrong)
{
    /// <exception cref="InputException">The counts contradict each other.</exception>
    internal static FinishReport? Of(FinishCounts? counts, IReadOnlyList<ProblemCounts> problems)
    {
        if (counts is null)
            return null;
        var wrong = problems.Sum(problem => (long)problem.Samples - problem.Correct);
        if (counts.Stop < 0 || counts.Length < 0)
            throw new InputException($"the finish counts are {counts.Stop} stop and {counts.Length} length, expected 0 or more.");
        if (counts.WrongAndLength < 0 || counts.WrongAndLength > Math.Min(counts.Length, wrong))
        {
            throw new InputException(
                $"{counts.WrongAndLength} samples are counted as wrong and cut, expected 0 to {Math.Min(counts.Length, wrong)}.");
        }
        var all = counts.Stop + counts.Length;
        return new FinishReport(
            counts.Stop, counts.Length, counts.WrongAndLength,
            all == 0 ? null : (double)counts.Length / all,
            wrong == 0 ? null : (double)counts.WrongAndLength / wrong);
    }
}
