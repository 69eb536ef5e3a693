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
    private const int ResamplesPerTask = 12 * WeightedRows.Together;
    // Values that ought to be equal differ by some units in the last place; no real difference is this small.
    private const double Tie = 1e-12;
    private readonly double[] _means;
    // Share of an additional half of a problem in each resample.
    private readonly double[] _halves;
    private readonly ColumnSummary? _columns;
    private readonly int _problems;
    private readonly BootstrapSettings _settings;

    private ResampledMeans(
        double[] estimates, double[] means, double[] halves, ColumnSummary? columns, int problems, BootstrapSettings settings)
    {
        (Estimates, _means, _halves, _columns, _problems, _settings) = (estimates, means, halves, columns, problems, settings);
    }

    /// <summary>The means over the problems as they are, one a column.</summary>
    public double[] Estimates { get; }

    public int Resamples => _settings.Resamples;

    /// <summary>The means of one resample, one a column.</summary>
    public ReadOnlySpan<double> this[int resample] => _means.AsSpan(resample * Estimates.Length, Estimates.Length);

    public static ResampledMeans Draw(ProblemTable table, BootstrapSettings settings)
    {
        settings.Validate();
        var once = new double[table.Rows];
        foreach (var row in table.RowOf)
            once[row]++;
        var columns = new ColumnSummary(table, once);
        var estimates = new double[table.Columns];
        WeightedMeans(table, once, columns, estimates, new double[1]);

        var drawn = table.Rows == table.RowOf.Length ? ProblemWeights.Of(settings, table.Rows) : null;
        var means = new double[(long)settings.Resamples * table.Columns];
        var halves = new double[settings.Resamples];
        var tasks = (settings.Resamples + ResamplesPerTask - 1) / ResamplesPerTask;
        var room = drawn is null ? WeightedRows.Together * table.Rows : 0;
        Parallel.For(0, tasks, settings.Parallelism, () => new double[room], (task, _, own) =>
        {
            Span<double> totals = stackalloc double[WeightedRows.Together];
            var end = Math.Min(settings.Resamples, (task + 1) * ResamplesPerTask);
            for (var first = task * ResamplesPerTask; first < end; first += WeightedRows.Together)
            {
                var count = Math.Min(WeightedRows.Together, end - first);
                var weights = drawn is null
                    ? Fill(own.AsSpan(0, count * table.Rows), table, settings, first)
                    : drawn.AsSpan(first * table.Rows, count * table.Rows);
                WeightedMeans(table, weights, columns, means.AsSpan(first * table.Columns, count * table.Columns), totals[..count]);
                for (var i = 0; i < count; i++)
                {
                    var half = ExponentialWeights.Half(settings.Seed, first + i);
                    halves[first + i] = half / (totals[i] + half);
                }
            }
            return own;
        }, _ => { });
        return new ResampledMeans(estimates, means, halves, columns, table.RowOf.Length, settings);
    }

    /// <summary>
    /// As <see cref="Draw"/> for shares and differences of shares that are no sums over problems: they are computed anew for each resample,
    /// without half a problem more.
    /// </summary>
    /// <param name="problems">How many there are.</param>
    /// <param name="columns">How many numbers.</param>
    /// <param name="settings">How many resamples, and their seed.</param>
    /// <param name="estimate">Computes them for the problems as they are.</param>
    /// <param name="resample">Computes them for a resample. Called on several threads.</param>
    public static ResampledMeans Refit(
        int problems, int columns, BootstrapSettings settings, EstimateAction estimate, ResampleAction resample)
    {
        settings.Validate();
        var estimates = new double[columns];
        estimate(estimates);
        var means = new double[(long)settings.Resamples * columns];
        int[] rowOf = [.. Enumerable.Range(0, problems)];
        Parallel.For(0, settings.Resamples, settings.Parallelism, () => new double[problems], (number, _, weights) =>
        {
            ExponentialWeights.Fill(settings.Seed, number, rowOf, weights);
            resample(number, weights, means.AsSpan(number * columns, columns));
            return weights;
        }, _ => { });
        return new ResampledMeans(estimates, means, new double[settings.Resamples], null, problems, settings);
    }

    /// <summary>Fills the numbers of the problems as they are.</summary>
    public delegate void EstimateAction(Span<double> means);

    /// <summary>Fills the numbers of one resample, in which problems have these weights.</summary>
    public delegate void ResampleAction(int resample, ReadOnlySpan<double> weights, Span<double> means);

    /// <summary>The estimate of one column at <paramref name="k"/> with its interval.</summary>
    public CurvePoint Point(int k, int column, ValueRange values)
    {
        var mean = Mean(column, values);
        return new CurvePoint(k, mean.Estimate, mean.Low, mean.High);
    }

    /// <summary>
    /// The estimate of one column with its interval. Each limit allows for half a problem more that moves the mean its way, for problems
    /// that were not drawn may be otherwise.
    /// </summary>
    public MeanEstimate Mean(int column, ValueRange values)
    {
        var estimate = Estimates[column];
        if (IsEqualThroughout(column))
            return OfEqual(estimate, values);
        var (bottom, top) = Ends(column, values);
        return new MeanEstimate(estimate, Math.Min(estimate, Limit(bottom, upper: false)), Math.Max(estimate, Limit(top, upper: true)));

        double Limit(double end, bool upper)
        {
            var shifted = new double[Resamples];
            for (var resample = 0; resample < shifted.Length; resample++)
                shifted[resample] = Shifted(resample, column, end);
            var share = IntervalTails.Share(_problems, _settings.Confidence);
            return Percentile.Of(shifted, upper ? 1 - share : share);
        }
    }

    /// <summary>
    /// The ratio of two means with its interval, without half a problem more; null where the lower one is 0. Where it is not, it is
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
    /// Fills differences of one resample with half a problem more, which is on the same side in all columns, in each by as much as the
    /// limits of that difference allow for.
    /// </summary>
    public void FillShifted(int resample, int firstColumn, bool positive, Span<double> differences)
    {
        for (var i = 0; i < differences.Length; i++)
        {
            var (bottom, top) = Ends(firstColumn + i, ValueRange.Difference);
            differences[i] = Shifted(resample, firstColumn + i, positive ? top : bottom);
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

    private (double Bottom, double Top) Ends(int column, ValueRange values) => _columns?.Ends(column, values) ?? (0, 0);

    private double Shifted(int resample, int column, double end)
    {
        var mean = this[resample][column];
        return mean + (_halves[resample] * (end - mean));
    }

    private bool IsEqualThroughout(int column)
    {
        for (var resample = 0; resample < Resamples; resample++)
        {
            if (Math.Abs(this[resample][column] - Estimates[column]) > Tie)
                return false;
        }
        return true;
    }

    private static Span<double> Fill(Span<double> weights, ProblemTable table, BootstrapSettings settings, int resample)
    {
        for (var at = 0; at < weights.Length; at += table.Rows, resample++)
            ExponentialWeights.Fill(settings.Seed, resample, table.RowOf, weights.Slice(at, table.Rows));
        return weights;
    }

    // A mean lies between the least and the largest of its values; rounding must not carry it outside, above 1 for instance, and the
    // mean of equal values is that value.
    private static void WeightedMeans(
        ProblemTable table, ReadOnlySpan<double> weights, ColumnSummary columns, Span<double> means, Span<double> totals)
    {
        WeightedRows.Sum(table, weights, means);
        for (var i = 0; i < totals.Length; i++)
        {
            totals[i] = 0;
            foreach (var weight in weights.Slice(i * table.Rows, table.Rows))
                totals[i] += weight;
            for (var column = 0; column < table.Columns; column++)
            {
                ref var mean = ref means[(i * table.Columns) + column];
                mean = Math.Clamp(mean / totals[i], columns.Least(column), columns.Most(column));
            }
        }
    }
}
