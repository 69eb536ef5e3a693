using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// pass@k of a run over the ladder 1, 2, 4, ..., largest k. Every number is over the same problems: the largest k is the smallest n of
/// any problem, each problem enters with all of its own samples, and a sample that was never drawn counts as nothing.
/// </summary>
/// <param name="Problems">How many problems.</param>
/// <param name="FewestSamples">Smallest n, which is the largest k.</param>
/// <param name="MostSamples">Largest n.</param>
/// <param name="TotalSamples">Samples of all problems together.</param>
/// <param name="Points">Estimate and interval at each k, as fractions.</param>
/// <param name="StandardErrors">At each k, by source.</param>
public sealed record PassAtKCurve(
    int Problems, int FewestSamples, int MostSamples, long TotalSamples, IReadOnlyList<CurvePoint> Points,
    IReadOnlyList<StandardError> StandardErrors)
{
    /// <param name="problems">Counts of each problem.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <param name="ks">At which k, the doubling ladder where null.</param>
    /// <exception cref="InputException">No problems, an id that comes twice, a setting outside its range, or a k that a problem has too few
    /// samples for.</exception>
    public static PassAtKCurve Of(IReadOnlyList<ProblemCounts> problems, BootstrapSettings? settings = null, IReadOnlyList<int>? ks = null)
    {
        var ordered = ProblemCounts.InCanonicalOrder(problems);
        var ladder = KLadder.Of(ks, ordered[0].Samples);
        var table = ProblemTable.Of(
            ordered, ladder.Length, problem => (problem.Samples, problem.Correct),
            (problem, row) => ProblemTable.FillPassAtK(problem, ladder, row));
        var means = ResampledMeans.Draw(table, settings ?? BootstrapSettings.Default);
        return new PassAtKCurve(
            ordered.Length, ordered[0].Samples, ordered[^1].Samples, ordered.Sum(problem => (long)problem.Samples),
            [.. ladder.Select((k, column) => means.Point(k, column, ValueRange.Share))],
            StandardError.Of(ordered, ladder));
    }
}
