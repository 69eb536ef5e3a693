using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>A share of samples that has to be correct, with the share of problems, or of draws of k samples, in which it is.</summary>
/// <param name="Tau">The threshold, in (0, 1].</param>
/// <param name="Estimate">Mean over problems.</param>
/// <param name="Low">Its lower limit.</param>
/// <param name="High">Its upper limit.</param>
public readonly record struct ThresholdPoint(double Tau, double Estimate, double Low, double High);

/// <summary>G-Pass@k at one k.</summary>
/// <param name="K">How many samples are drawn.</param>
/// <param name="At">By threshold.</param>
/// <param name="Mean">mG-Pass@k; null for k = 1, where it averages nothing.</param>
public sealed record GPassPoint(int K, IReadOnlyList<ThresholdPoint> At, MeanEstimate? Mean);

/// <summary>What the counts of a run tell beside pass@k: how often its problems are solved, not only whether.</summary>
/// <param name="Accuracy">Mean share of correct samples, which is pass@1.</param>
/// <param name="AllCorrect">pass^k: all of k samples correct.</param>
/// <param name="GPass">G-Pass@k, and its mean over thresholds.</param>
/// <param name="Cover">
/// cover@tau: problems of which at least this share of all samples is correct. The share of n samples stands for the model's own
/// probability, so a threshold is blurred by the sampling of each problem. Source: Dragoi et al., arXiv 2510.08325.
/// </param>
public sealed record Reliability(
    MeanEstimate Accuracy, IReadOnlyList<CurvePoint> AllCorrect, IReadOnlyList<GPassPoint> GPass, IReadOnlyList<ThresholdPoint> Cover)
{
    // Those of the paper on G-Pass@k; at 1 it is pass^k.
    private static readonly double[] GPassThresholds = [0.25, 0.5, 0.75, 1];
    private static readonly double[] CoverThresholds = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

    /// <exception cref="InputException">As <see cref="PassAtKCurve.Of"/>.</exception>
    public static Reliability Of(IReadOnlyList<ProblemCounts> problems, BootstrapSettings? settings = null, IReadOnlyList<int>? ks = null)
    {
        var ordered = ProblemCounts.InCanonicalOrder(problems);
        var ladder = KLadder.Of(ks, ordered[0].Samples);
        // Accuracy; then for each k pass^k, G-Pass@k at each threshold and its mean; then cover.
        var perK = GPassThresholds.Length + 2;
        var cover = 1 + (ladder.Length * perK);
        var table = ProblemTable.Of(
            ordered, cover + CoverThresholds.Length, problem => (problem.Samples, problem.Correct),
            (problem, row) =>
            {
                var accuracy = (double)problem.Correct / problem.Samples;
                row[0] = accuracy;
                for (var i = 0; i < ladder.Length; i++)
                    FillReliability(problem, ladder[i], row.Slice(1 + (i * perK), perK));
                for (var i = 0; i < CoverThresholds.Length; i++)
                    row[cover + i] = accuracy >= CoverThresholds[i] ? 1 : 0;
            });
        var means = ResampledMeans.Draw(table, settings ?? BootstrapSettings.Default);
        return new Reliability(
            means.Mean(0, ValueRange.Share),
            [.. ladder.Select((k, i) => means.Point(k, 1 + (i * perK), ValueRange.Share))],
            [.. ladder.Select((k, i) => new GPassPoint(
                k, Thresholds(GPassThresholds, 2 + (i * perK)), k == 1 ? null : means.Mean(perK + (i * perK), ValueRange.Share)))],
            Thresholds(CoverThresholds, cover));

        ThresholdPoint[] Thresholds(double[] taus, int column) =>
        [
            .. taus.Select((tau, i) =>
            {
                var mean = means.Mean(column + i, ValueRange.Share);
                return new ThresholdPoint(tau, mean.Estimate, mean.Low, mean.High);
            }),
        ];
    }

    private static void FillReliability(ProblemCounts problem, int k, Span<double> row)
    {
        row[0] = GPassAtK.AllCorrect(problem.Samples, problem.Correct, k);
        for (var i = 0; i < GPassThresholds.Length; i++)
            row[1 + i] = GPassAtK.AtLeast(problem.Samples, problem.Correct, k, GPassThresholds[i]);
        row[^1] = GPassAtK.Mean(problem.Samples, problem.Correct, k);
    }
}
