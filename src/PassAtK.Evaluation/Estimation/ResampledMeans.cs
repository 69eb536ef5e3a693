using System.Numerics;
using PassAtK.Engine.Sampling;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The mean of every column of a problem table, and the same means over bootstrap resamples: problems drawn with replacement, as many
/// as there are, a problem's row kept together so that whatever is paired stays paired.
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapters 6 and 13.
/// </summary>
/// <remarks>
/// Draw j of resample r is word j % 4 of the Philox block with key = seed and counter = (j / 4, r, 0, 0), scaled to a problem index
/// by a 32-bit multiplication (its bias is under problems / 2^32). A resample is a function of its number, and sums run in row order,
/// so neither threads nor vector width can change a bit.
/// </remarks>
internal sealed class ResampledMeans
{
    private const int ResamplesPerTask = 50;
    private readonly double[] _means;
    private readonly int _columns;
    private readonly BootstrapSettings _settings;

    private ResampledMeans(double[] estimates, double[] means, BootstrapSettings settings)
    {
        (Estimates, _means, _columns, _settings) = (estimates, means, estimates.Length, settings);
    }

    /// <summary>The means over the problems as they are, one a column.</summary>
    public double[] Estimates { get; }

    public int Resamples => _settings.Resamples;

    /// <summary>The means of one resample, one a column.</summary>
    public ReadOnlySpan<double> this[int resample] => _means.AsSpan(resample * _columns, _columns);

    public static ResampledMeans Draw(ProblemTable table, BootstrapSettings settings)
    {
        settings.Validate();
        var estimates = new double[table.Columns];
        var once = new int[table.Rows];
        foreach (var row in table.RowOf)
            once[row]++;
        var range = new ColumnRange(table);
        WeightedMeans(table, once, range, estimates);

        var means = new double[(long)settings.Resamples * table.Columns];
        var tasks = (settings.Resamples + ResamplesPerTask - 1) / ResamplesPerTask;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads == 0 ? -1 : settings.Threads };
        Parallel.For(0, tasks, parallel, task =>
        {
            var counts = new int[table.Rows];
            var end = Math.Min(settings.Resamples, (task + 1) * ResamplesPerTask);
            for (var resample = task * ResamplesPerTask; resample < end; resample++)
            {
                CountDraws(settings.Seed, resample, table.RowOf, counts);
                WeightedMeans(table, counts, range, means.AsSpan(resample * table.Columns, table.Columns));
            }
        });
        return new ResampledMeans(estimates, means, settings);
    }

    /// <summary>As <see cref="Draw"/> for means that are no sums over problems: they are computed anew for each resample.</summary>
    /// <param name="problems">How many there are.</param>
    /// <param name="columns">How many means.</param>
    /// <param name="settings">The same problems are drawn in each resample as by <see cref="Draw"/>.</param>
    /// <param name="estimate">Computes them for the problems as they are.</param>
    /// <param name="resample">Computes them for a resample, given how often each problem is drawn. Called on several threads.</param>
    public static ResampledMeans Refit(
        int problems, int columns, BootstrapSettings settings, EstimateAction estimate, ResampleAction resample)
    {
        settings.Validate();
        var estimates = new double[columns];
        estimate(estimates);
        var means = new double[(long)settings.Resamples * columns];
        int[] rowOf = [.. Enumerable.Range(0, problems)];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads == 0 ? -1 : settings.Threads };
        Parallel.For(0, settings.Resamples, parallel, () => new int[problems], (number, _, times) =>
        {
            CountDraws(settings.Seed, number, rowOf, times);
            resample(times, means.AsSpan(number * columns, columns));
            return times;
        }, _ => { });
        return new ResampledMeans(estimates, means, settings);
    }

    /// <summary>Fills the means of the problems as they are.</summary>
    public delegate void EstimateAction(Span<double> means);

    /// <summary>Fills the means of one resample, in which problem i comes <paramref name="times"/>[i] times.</summary>
    public delegate void ResampleAction(ReadOnlySpan<int> times, Span<double> means);

    /// <summary>The estimate of one column at <paramref name="k"/> with its percentile interval.</summary>
    public CurvePoint Point(int k, int column) => Point(k, Estimates[column], resample => this[resample][column]);

    /// <summary>The interval of any number computed from a resample's means.</summary>
    public CurvePoint Point(int k, double estimate, Func<int, double> statistic)
    {
        var values = new double[Resamples];
        for (var resample = 0; resample < Resamples; resample++)
            values[resample] = statistic(resample);
        var (low, high) = Percentile.Interval(values, _settings.Confidence);
        return new CurvePoint(k, estimate, low, high);
    }

    // How often each row of the table is drawn.
    private static void CountDraws(ulong seed, int resample, ReadOnlySpan<int> rowOf, Span<int> counts)
    {
        counts.Clear();
        var problems = (uint)rowOf.Length;
        for (var drawn = 0; drawn < rowOf.Length; drawn += 4)
        {
            var (word0, word1, word2, word3) = Philox.Block(
                (uint)drawn / 4, (uint)resample, 0, 0, (uint)seed, (uint)(seed >> 32));
            counts[rowOf[Index(word0)]]++;
            if (drawn + 1 < rowOf.Length)
                counts[rowOf[Index(word1)]]++;
            if (drawn + 2 < rowOf.Length)
                counts[rowOf[Index(word2)]]++;
            if (drawn + 3 < rowOf.Length)
                counts[rowOf[Index(word3)]]++;
        }

        int Index(uint word) => (int)(((ulong)word * problems) >> 32);
    }

    private static void WeightedMeans(ProblemTable table, ReadOnlySpan<int> counts, ColumnRange range, Span<double> means)
    {
        means.Clear();
        for (var row = 0; row < counts.Length; row++)
        {
            if (counts[row] != 0)
                AddScaled(means, table[row], counts[row]);
        }
        for (var column = 0; column < means.Length; column++)
            means[column] = range.Clamp(column, means[column] / table.RowOf.Length);
    }

    // Lanes hold neighbouring columns: each column is summed in problem order whatever the width.
    private static void AddScaled(Span<double> sums, ReadOnlySpan<double> row, double weight)
    {
        var column = 0;
        for (; column <= sums.Length - Vector<double>.Count; column += Vector<double>.Count)
        {
            var sum = new Vector<double>(sums[column..]) + (new Vector<double>(row[column..]) * weight);
            sum.CopyTo(sums[column..]);
        }
        for (; column < sums.Length; column++)
            sums[column] += row[column] * weight;
    }

    // A mean lies between the least and the largest of its values; rounding must not carry it outside, above 1 for instance, and the
    // mean of equal values is that value.
    private sealed class ColumnRange
    {
        private readonly double[] _least;
        private readonly double[] _largest;

        public ColumnRange(ProblemTable table)
        {
            (_least, _largest) = (table[0].ToArray(), table[0].ToArray());
            for (var row = 1; row < table.Rows; row++)
            {
                for (var column = 0; column < table.Columns; column++)
                {
                    _least[column] = Math.Min(_least[column], table[row][column]);
                    _largest[column] = Math.Max(_largest[column], table[row][column]);
                }
            }
        }

        public double Clamp(int column, double mean) => Math.Clamp(mean, _least[column], _largest[column]);
    }
}
