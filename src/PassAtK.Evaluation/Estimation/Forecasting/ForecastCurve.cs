using PassAtK.Engine;
using PassAtK.Engine.Sampling;

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
    private readonly int[] _samples;
    private readonly CountGroups _groups;
    private readonly double[] _measured;
    private readonly SpreadAverage _fit;

    /// <exception cref="InputException">The counts cannot tell how p is spread.</exception>
    public ForecastCurve(IReadOnlyList<ProblemCounts> problems, int[] ladder)
    {
        _ladder = ladder;
        _groups = new CountGroups(problems);
        _samples = [.. _groups.Counts.Select(count => count.Samples).Distinct()];
        _fit = SpreadAverage.Of(new SpreadContext(_groups, [.. ladder, .. _samples]));
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

    public IReadOnlyList<SpreadShape> Shapes => _fit.Shapes;

    /// <summary>The mean over the problems at each k, averaged over the shapes.</summary>
    public void Estimate(Span<double> means) => Mean(_groups.Weights, _fit.Unsolved, _fit.Weights, means);

    /// <summary>
    /// The same for one resample, fitted anew, by one shape that is drawn with its weight: word <paramref name="run"/> of the Philox block
    /// with counter = (0, resample, 2, 0).
    /// </summary>
    public void Resample(ulong seed, int resample, int run, ReadOnlySpan<double> problems, Span<double> means)
    {
        var weights = _groups.Weigh(problems);
        var fit = _fit.Again(weights);
        var (first, second, _, _) = Philox.Block(0, (uint)resample, 2, 0, (uint)seed, (uint)(seed >> 32));
        var shape = fit.ShapeAt((run == 0 ? first : second) * (1.0 / (1ul << 32)));
        Mean(weights, fit.Unsolved.AsSpan(shape, 1), [1], means);
    }

    private void Mean(double[] weights, ReadOnlySpan<double[]> unsolved, ReadOnlySpan<double> shapes, Span<double> means)
    {
        means.Clear();
        var problems = 0.0;
        for (var group = 0; group < weights.Length; group++)
        {
            problems += weights[group];
            var now = _ladder.Length + Array.IndexOf(_samples, _groups.Counts[group].Samples);
            for (var i = 0; i < means.Length; i++)
            {
                var solved = _measured[(group * means.Length) + i];
                if (double.IsNaN(solved))
                {
                    solved = 1;
                    for (var shape = 0; shape < shapes.Length; shape++)
                        solved -= shapes[shape] * StillUnsolved(unsolved[shape][i], unsolved[shape][now]);
                }
                means[i] += weights[group] * solved;
            }
        }
        for (var i = 0; i < means.Length; i++)
            means[i] = Math.Clamp(means[i] / problems, 0, 1);
    }

    // Where a shape holds it impossible that a problem is unsolved now, it says nothing of what becomes of one: it stays unsolved.
    private static double StillUnsolved(double then, double now) => now > 0 ? then / now : 1;
}
