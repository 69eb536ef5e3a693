using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>
/// pass@k of one run at each k of a ladder, some beyond its samples, for the problems as they are and for resamples of them. A problem with
/// k of its own samples enters with the unbiased estimate. Beyond them a solved problem counts as solved, and one that n samples left
/// unsolved with the probability that k - n more do: 1 - E[(1 - p)^k] / E[(1 - p)^n] under the fitted spread of p. The mean of this has
/// the right expectation where the spread has the right shape, and at k = n it is the unbiased estimate, whatever the shape.
/// </summary>
internal sealed class ForecastCurve
{
    private readonly int[] _ladder;
    private readonly CountGroups _groups;
    private readonly double[] _measured;

    /// <exception cref="InputException">The counts cannot tell how p is spread.</exception>
    public ForecastCurve(IReadOnlyList<ProblemCounts> problems, int[] ladder)
    {
        _ladder = ladder;
        _groups = new CountGroups(problems);
        Fit = SpreadFit.Of(_groups);
        _measured = new double[_groups.Counts.Count * ladder.Length];
        for (var group = 0; group < _groups.Counts.Count; group++)
        {
            var (samples, correct) = _groups.Counts[group];
            for (var i = 0; i < ladder.Length; i++)
            {
                _measured[(group * ladder.Length) + i] = ladder[i] <= samples
                    ? PassAtKEstimator.Estimate(samples, correct, ladder[i])
                    : correct > 0 ? 1 : double.NaN;
            }
        }
    }

    public SpreadFit Fit { get; }

    /// <summary>The mean over the problems at each k.</summary>
    public void Estimate(Span<double> means) => Mean(_groups.Weights, Fit.Model, means);

    /// <summary>The same where problem i counts so many times, with a fit of its own.</summary>
    public void Resample(ReadOnlySpan<int> times, Span<double> means)
    {
        var weights = new int[_groups.Weights.Length];
        _groups.Weigh(times, weights);
        Mean(weights, Fit.Again(_groups, weights)?.Model, means);
    }

    // Without a model, in a resample that shows nothing of p, what is unsolved stays so.
    private void Mean(int[] weights, ZeroInflatedBeta? model, Span<double> means)
    {
        means.Clear();
        var unsolved = model is { } spread ? Array.ConvertAll(_ladder, spread.Unsolved) : null;
        var problems = 0;
        for (var group = 0; group < weights.Length; group++)
        {
            if (weights[group] == 0)
                continue;
            problems += weights[group];
            var samples = _groups.Counts[group].Samples;
            var unsolvedNow = model?.Unsolved(samples) ?? 1;
            for (var i = 0; i < means.Length; i++)
            {
                var solved = _measured[(group * means.Length) + i];
                if (double.IsNaN(solved))
                    solved = unsolved is null ? 0 : 1 - (unsolved[i] / unsolvedNow);
                means[i] += weights[group] * solved;
            }
        }
        for (var i = 0; i < means.Length; i++)
            means[i] = Math.Clamp(means[i] / problems, 0, 1);
    }
}
