using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// Two runs over their common problems, resampled together: a problem's two results stay paired, so what is hard for both does not
/// widen the interval of the difference.
/// </summary>
/// <param name="Problems">The common problems.</param>
/// <param name="Base">pass@k of the base run over the common problems.</param>
/// <param name="Other">pass@k of the other run over the common problems.</param>
/// <param name="Difference">other - base at each k.</param>
/// <param name="Crossover">Where the base overtakes for good.</param>
/// <param name="Solvable">Which problems either run solves at all.</param>
/// <param name="SamplingEfficiencyGap">
/// pass@K of the base minus pass@1 of the other, K the largest k: how far one sample of the trained model is from what the base can
/// reach. Source: arXiv 2504.13837, where K = 256.
/// </param>
public sealed record PairedComparison(
    PairedProblems Problems,
    IReadOnlyList<CurvePoint> Base,
    IReadOnlyList<CurvePoint> Other,
    IReadOnlyList<CurvePoint> Difference,
    Crossover Crossover,
    SolvableSets Solvable,
    CurvePoint SamplingEfficiencyGap)
{
    /// <exception cref="InputException">No common problems, an id that comes twice, or a setting outside its range.</exception>
    public static PairedComparison Of(
        IReadOnlyList<ProblemCounts> @base, IReadOnlyList<ProblemCounts> other, BootstrapSettings? settings = null)
    {
        settings ??= BootstrapSettings.Default;
        var problems = PairedProblems.Of(@base, other);
        var ladder = KLadder.Doubling(problems.LargestK);
        var dense = KLadder.Dense(problems.LargestK);
        var means = ResampledMeans.Draw(Tabulate(problems, ladder, dense), settings);

        var rungs = ladder.Length;
        var last = rungs - 1;
        return new PairedComparison(
            problems,
            [.. ladder.Select((k, rung) => means.Point(k, rung))],
            [.. ladder.Select((k, rung) => means.Point(k, rungs + rung))],
            [.. ladder.Select((k, rung) => means.Point(k, (2 * rungs) + Array.BinarySearch(dense, k)))],
            Crossover.Of(dense, means, 2 * rungs, settings.Confidence),
            SolvableSets.Of(problems, settings.Confidence),
            means.Point(
                ladder[last],
                means.Estimates[last] - means.Estimates[rungs],
                resample => means[resample][last] - means[resample][rungs]));
    }

    // Columns: base at each rung, other at each rung, difference at each k of the dense ladder, which holds every rung.
    private static ProblemTable Tabulate(PairedProblems problems, int[] ladder, int[] dense)
    {
        var rungs = ladder.Length;
        return ProblemTable.Of(
            problems.Pairs, (2 * rungs) + dense.Length,
            pair => (pair.Base.Samples, pair.Base.Correct, pair.Other.Samples, pair.Other.Correct),
            (pair, row) =>
            {
                ProblemTable.FillPassAtK(pair.Base, ladder, row[..rungs]);
                ProblemTable.FillPassAtK(pair.Other, ladder, row[rungs..(2 * rungs)]);
                var difference = row[(2 * rungs)..];
                for (var i = 0; i < dense.Length; i++)
                {
                    difference[i] = PassAtKEstimator.Estimate(pair.Other.Samples, pair.Other.Correct, dense[i])
                        - PassAtKEstimator.Estimate(pair.Base.Samples, pair.Base.Correct, dense[i]);
                }
            });
    }
}
