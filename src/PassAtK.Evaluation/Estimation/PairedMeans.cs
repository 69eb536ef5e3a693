namespace PassAtK.Evaluation.Estimation;

/// <summary>Means over problems of several numbers of each, from the same resamples: what is paired by problem stays paired.</summary>
internal sealed class PairedMeans
{
    private readonly bool[] _finite;
    private readonly ResampledMeans _means;

    private PairedMeans(bool[] finite, ResampledMeans means) => (_finite, _means) = (finite, means);

    /// <param name="problems">One row a problem, at least one; rows of equal length. Columns may hold infinities.</param>
    /// <param name="settings">How to resample.</param>
    public static PairedMeans Draw(IEnumerable<double[]> problems, BootstrapSettings settings)
    {
        // Neither file order nor naming can move an interval.
        var order = Comparer<double[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));
        double[][] rows = [.. problems.Order(order)];
        bool[] finite = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.All(row => double.IsFinite(row[column])))];
        var table = ProblemTable.Of<int, int>([.. Enumerable.Range(0, rows.Length)], rows[0].Length, index => index, (index, target) =>
        {
            for (var column = 0; column < target.Length; column++)
                target[column] = finite[column] ? rows[index][column] : 0;
        });
        return new PairedMeans(finite, ResampledMeans.Draw(table, settings));
    }

    /// <summary>Null where a problem's number is not finite.</summary>
    public MeanEstimate? this[int column]
    {
        get
        {
            if (!_finite[column])
                return null;
            return _means.Mean(column, ValueRange.Open);
        }
    }
}
