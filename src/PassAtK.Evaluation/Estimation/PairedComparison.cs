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
/// <param name="DifferenceErrors">The standard errors of the difference at each k, by source.</param>
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
    IReadOnlyList<StandardError> DifferenceErrors,
    Crossover Crossover,
    SolvableSets Solvable,
    CurvePoint SamplingEfficiencyGap)
{
    /// <param name="base">The base run's counts.</param>
    /// <param name="other">The other run's.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <param name="ladder">At which k curves are evaluated and where they end; by default what the common problems allow.</param>
    /// <exception cref="InputException">No common problems, an id that comes twice, a setting outside its range, or a k that a problem has
    /// too few samples for.</exception>
    public static PairedComparison Of(
        IReadOnlyList<ProblemCounts> @base, IReadOnlyList<ProblemCounts> other, BootstrapSettings? settings = null,
        LadderChoice? ladder = null)
    {
        settings ??= BootstrapSettings.Default;
        var problems = PairedProblems.Of(@base, other);
        var largest = Math.Min(problems.LargestK, ladder?.Largest ?? int.MaxValue);
        var columns = new Columns(KLadder.Of(ladder?.Ks, largest), KLadder.Dense(largest));
        var means = ResampledMeans.Draw(columns.Tabulate(problems), settings);
        return new PairedComparison(
            problems,
            [.. columns.Ladder.Select((k, rung) => means.Point(k, rung, ValueRange.Share))],
            [.. columns.Ladder.Select((k, rung) => means.Point(k, columns.Other + rung, ValueRange.Share))],
            [.. columns.Ladder.Select((k, rung) => means.Point(k, columns.Difference + rung, ValueRange.Difference))],
            StandardError.Of(problems, columns.Ladder),
            Crossover.Of(columns.Dense, means, columns.DenseDifference),
            SolvableSets.Of(problems, settings.Confidence),
            means.Point(largest, columns.Gap, ValueRange.Gap));
    }

    /// <summary>What needs means: each curve and the difference on the ladder, the difference on the dense one, and the gap.</summary>
    private sealed record Columns(int[] Ladder, int[] Dense)
    {
        public int Other => Ladder.Length;

        public int Difference => 2 * Ladder.Length;

        public int DenseDifference => 3 * Ladder.Length;

        public int Gap => DenseDifference + Dense.Length;

        public ProblemTable Tabulate(PairedProblems problems) => ProblemTable.Of(
            problems.Pairs, Gap + 1,
            pair => (pair.Base.Samples, pair.Base.Correct, pair.Other.Samples, pair.Other.Correct),
            (pair, row) =>
            {
                ProblemTable.FillPassAtK(pair.Base, Ladder, row[..Other]);
                ProblemTable.FillPassAtK(pair.Other, Ladder, row[Other..Difference]);
                FillDifference(pair, Ladder, row[Difference..DenseDifference]);
                FillDifference(pair, Dense, row[DenseDifference..Gap]);
                row[Gap] = PassAtKEstimator.Estimate(pair.Base.Samples, pair.Base.Correct, Dense[^1])
                    - PassAtKEstimator.Estimate(pair.Other.Samples, pair.Other.Correct, 1);
            });

        private static void FillDifference((ProblemCounts Base, ProblemCounts Other) pair, int[] ladder, Span<double> row)
        {
            for (var i = 0; i < ladder.Length; i++)
            {
                row[i] = PassAtKEstimator.Estimate(pair.Other.Samples, pair.Other.Correct, ladder[i])
                    - PassAtKEstimator.Estimate(pair.Base.Samples, pair.Base.Correct, ladder[i]);
            }
        }
    }
}
