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
        double[][] rows = [.. problems];
        bool[] finite = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.All(row => double.IsFinite(row[column])))];
        var table = ProblemTable.Of([.. rows.Select(row => row.Select((value, column) => finite[column] ? value : 0).ToArray())]);
        return new PairedMeans(finite, ResampledMeans.Draw(table, settings));
    }

    /// <summary>Null where a problem's number is not finite.</summary>
    public MeanEstimate? Mean(int column, ValueRange values = ValueRange.Open) => _finite[column] ? _means.Mean(column, values) : null;
}
