namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>What all fits to the counts of a run share, whatever the problems weigh.</summary>
internal sealed class SpreadContext
{
    private readonly int[] _ks;
    private readonly double[][] _unsolved;

    /// <param name="groups">The counts.</param>
    /// <param name="ks">Each k that E[(1 - p)^k] is wanted at.</param>
    public SpreadContext(CountGroups groups, int[] ks)
    {
        (Groups, _ks) = (groups, ks);
        Grid = new LogitGrid(groups.Counts);
        _unsolved = Array.ConvertAll(ks, Grid.Unsolved);
    }

    public CountGroups Groups { get; }

    public LogitGrid Grid { get; }

    /// <summary>E[(1 - p)^k] at each k.</summary>
    public double[] Of(ZeroInflatedBeta spread) => Array.ConvertAll(_ks, spread.Unsolved);

    /// <summary>The same where the logits of the grid have these probabilities.</summary>
    public double[] Of(ReadOnlySpan<double> probabilities)
    {
        var unsolved = new double[_ks.Length];
        for (var i = 0; i < unsolved.Length; i++)
            unsolved[i] = LogitGrid.Dot(probabilities, _unsolved[i]);
        return unsolved;
    }
}
