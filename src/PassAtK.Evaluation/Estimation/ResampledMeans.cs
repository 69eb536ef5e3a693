using PassAtK.Engine.Sampling;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The mean of every column of a problem table, and the same means over resamples of the Bayesian bootstrap: problems weighed at random,
/// a problem's row kept together so that whatever is paired stays paired.
/// </summary>
/// <remarks>
/// A resample is a function of its number, and sums run in row order, so neither threads nor vector width can change a bit. What the
/// limits are and why: docs/statistics.md.
/// </remarks>
internal sealed class ResampledMeans
{
    private const int ResamplesPerTask = 50;
    // Values that ought to be equal differ by some units in the last place; no real difference is this small.
    private const double Tie = 1e-12;
    private readonly double[] _means;
    // Share of an additional quarter of a problem in each resample.
    private readonly double[] _quarters;
    private readonly ColumnRange _range;
    private readonly int _problems;
    private readonly BootstrapSettings _settings;

    private ResampledMeans(
        double[] estimates, double[] means, double[] quarters, ColumnRange range, int problems, BootstrapSettings settings)
    {
        (Estimates, _means, _quarters, _range, _problems, _settings) = (estimates, means, quarters, range, problems, settings);
    }

    /// <summary>The means over the problems as they are, one a column.</summary>
    public double[] Estimates { get; }

    public int Resamples => _settings.Resamples;

    /// <summary>The means of one resample, one a column.</summary>
    public ReadOnlySpan<double> this[int resample] => _means.AsSpan(resample * Estimates.Length, Estimates.Length);

    public static ResampledMeans Draw(ProblemTable table, BootstrapSettings settings)
    {
        settings.Validate();
        var range = ColumnRange.Of(table);
        var estimates = new double[table.Columns];
        var once = new double[table.Rows];
        foreach (var row in table.RowOf)
            once[row]++;
        WeightedMeans(table, once, range, estimates);

        var means = new double[(long)settings.Resamples * table.Columns];
        var quarters = new double[settings.Resamples];
        var tasks = (settings.Resamples + ResamplesPerTask - 1) / ResamplesPerTask;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads == 0 ? -1 : settings.Threads };
        Parallel.For(0, tasks, parallel, task =>
        {
            var weights = new double[table.Rows];
            var end = Math.Min(settings.Resamples, (task + 1) * ResamplesPerTask);
            for (var resample = task * ResamplesPerTask; resample < end; resample++)
            {
                ExponentialWeights.Fill(settings.Seed, resample, table.RowOf, weights);
                var sum = WeightedMeans(table, weights, range, means.AsSpan(resample * table.Columns, table.Columns));
                var quarter = ExponentialWeights.Quarter(settings.Seed, resample);
                quarters[resample] = quarter / (sum + quarter);
            }
        });
        return new ResampledMeans(estimates, means, quarters, range, table.RowOf.Length, settings);
    }

    /// <summary>
    /// As <see cref="Draw"/> for shares and differences of shares that are no sums over problems: they are computed anew for each resample,
    /// in which problems are drawn with replacement (Efron 1979), without a quarter of a problem more. Source: Efron, "Bootstrap methods:
    /// another look at the jackknife", Annals of Statistics 7, 1979.
    /// </summary>
    /// <param name="problems">How many there are.</param>
    /// <param name="columns">How many numbers.</param>
    /// <param name="settings">How many resamples, and their seed.</param>
    /// <param name="estimate">Computes them for the problems as they are.</param>
    /// <param name="resample">Computes them for a resample, given how often each problem is drawn. Called on several threads.</param>
    public static ResampledMeans Refit(
        int problems, int columns, BootstrapSettings settings, EstimateAction estimate, ResampleAction resample)
    {
        settings.Validate();
        var estimates = new double[columns];
        estimate(estimates);
        var means = new double[(long)settings.Resamples * columns];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads == 0 ? -1 : settings.Threads };
        Parallel.For(0, settings.Resamples, parallel, () => new int[problems], (number, _, times) =>
        {
            CountDraws(settings.Seed, number, times);
            resample(times, means.AsSpan(number * columns, columns));
            return times;
        }, _ => { });
        var range = new ColumnRange(estimates);
        for (var number = 0; number < settings.Resamples; number++)
            range.Hold(means.AsSpan(number * columns, columns));
        return new ResampledMeans(estimates, means, new double[settings.Resamples], range, problems, settings);
    }

    /// <summary>Fills the numbers of the problems as they are.</summary>
    public delegate void EstimateAction(Span<double> means);

    /// <summary>Fills the numbers of one resample, in which problem i comes <paramref name="times"/>[i] times.</summary>
    public delegate void ResampleAction(ReadOnlySpan<int> times, Span<double> means);

    /// <summary>The estimate of one column at <paramref name="k"/> with its interval.</summary>
    public CurvePoint Point(int k, int column, ValueRange values)
    {
        var mean = Mean(column, values);
        return new CurvePoint(k, mean.Estimate, mean.Low, mean.High);
    }

    /// <summary>
    /// The estimate of one column with its interval. The lower limit allows for a quarter of a problem more at the lower end of the range,
    /// the upper limit for one at the upper end: n problems say little of what one in 4 n is like.
    /// </summary>
    public MeanEstimate Mean(int column, ValueRange values)
    {
        var (estimate, least, most) = (Estimates[column], _range.Least(column), _range.Most(column));
        if (most - least <= Tie)
            return OfEqual(estimate, values);
        var (bottom, top) = values switch
        {
            ValueRange.Share => (0.0, 1.0),
            ValueRange.Difference => (-Math.Max(-least, most), Math.Max(-least, most)),
            _ => (least, most),
        };
        return new MeanEstimate(estimate, Math.Min(estimate, Limit(bottom, upper: false)), Math.Max(estimate, Limit(top, upper: true)));

        double Limit(double end, bool upper)
        {
            var shifted = new double[Resamples];
            for (var resample = 0; resample < shifted.Length; resample++)
                shifted[resample] = this[resample][column] + (_quarters[resample] * (end - this[resample][column]));
            var share = IntervalTails.Share(_problems, _settings.Confidence);
            return Percentile.Of(shifted, upper ? 1 - share : share);
        }
    }

    /// <summary>
    /// The ratio of two means with its interval, without a quarter of a problem more; null where the lower one is 0. Where it is not, it is
    /// not 0 in any resample, for every problem has some weight.
    /// </summary>
    public MeanEstimate? Ratio(int above, int below)
    {
        if (Estimates[below] == 0)
            return null;
        var estimate = Estimates[above] / Estimates[below];
        var (low, high) = Interval(resample => this[resample][above] / this[resample][below]);
        return new MeanEstimate(estimate, Math.Min(estimate, low), Math.Max(estimate, high));
    }

    /// <summary>
    /// Fills differences of one resample with a quarter of a problem more, whose differences all are the largest in size of their column:
    /// positive, or negative.
    /// </summary>
    public void FillShifted(int resample, int firstColumn, bool positive, Span<double> differences)
    {
        var quarter = _quarters[resample];
        for (var i = 0; i < differences.Length; i++)
        {
            var column = firstColumn + i;
            var end = Math.Max(-_range.Least(column), _range.Most(column)) * (positive ? 1 : -1);
            differences[i] = this[resample][column] + (quarter * (end - this[resample][column]));
        }
    }

    /// <summary>The interval of a number that is computed from a resample's means; it may be infinite in some.</summary>
    public (double Low, double High) Interval(Func<int, double> statistic)
    {
        var values = new double[Resamples];
        for (var resample = 0; resample < values.Length; resample++)
            values[resample] = statistic(resample);
        var tail = _problems == 1 ? (1 - _settings.Confidence) / 2 : IntervalTails.Share(_problems, _settings.Confidence);
        return Percentile.Interval(values, 1 - (2 * tail));
    }

    // Where n problems agree, at most a share of 1 - tail^(1 / n) of all problems can be otherwise (more would have shown with a
    // probability above 1 - tail), and those lie somewhere in the range. For 0 and 1 these are Clopper and Pearson's limits.
    private MeanEstimate OfEqual(double value, ValueRange values)
    {
        if (values == ValueRange.Open)
            return new MeanEstimate(value, value, value);
        var otherwise = 1 - Math.Pow((1 - _settings.Confidence) / 2, 1.0 / _problems);
        var bottom = values == ValueRange.Share ? 0 : -1;
        return new MeanEstimate(value, value - (otherwise * (value - bottom)), value + (otherwise * (1 - value)));
    }

    // Problem j takes word j % 4 of the Philox block with counter = (j / 4, resample, 0, 0).
    private static void CountDraws(ulong seed, int resample, Span<int> times)
    {
        times.Clear();
        var problems = (uint)times.Length;
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        Span<uint> words = stackalloc uint[4];
        for (var drawn = 0; drawn < times.Length; drawn++)
        {
            if (drawn % 4 == 0)
                (words[0], words[1], words[2], words[3]) = Philox.Block((uint)drawn / 4, (uint)resample, 0, 0, key0, key1);
            times[(int)(((ulong)words[drawn % 4] * problems) >> 32)]++;
        }
    }

    private static double WeightedMeans(ProblemTable table, ReadOnlySpan<double> weights, ColumnRange range, Span<double> means)
    {
        means.Clear();
        var sum = 0.0;
        for (var row = 0; row < weights.Length; row++)
        {
            ScaledSum.Add(means, table[row], weights[row]);
            sum += weights[row];
        }
        for (var column = 0; column < means.Length; column++)
            means[column] = range.Clamp(column, means[column] / sum);
        return sum;
    }

    // A mean lies between the least and the largest of its values; rounding must not carry it outside, above 1 for instance, and the
    // mean of equal values is that value.
    private sealed class ColumnRange
    {
        private readonly double[] _least;
        private readonly double[] _most;

        public ColumnRange(ReadOnlySpan<double> first) => (_least, _most) = (first.ToArray(), first.ToArray());

        public static ColumnRange Of(ProblemTable table)
        {
            var range = new ColumnRange(table[0]);
            for (var row = 1; row < table.Rows; row++)
                range.Hold(table[row]);
            return range;
        }

        /// <summary>Widens the range to hold one more value of each column.</summary>
        public void Hold(ReadOnlySpan<double> row)
        {
            for (var column = 0; column < row.Length; column++)
            {
                _least[column] = Math.Min(_least[column], row[column]);
                _most[column] = Math.Max(_most[column], row[column]);
            }
        }

        public double Least(int column) => _least[column];

        public double Most(int column) => _most[column];

        public double Clamp(int column, double mean) => Math.Clamp(mean, _least[column], _most[column]);
    }
}
