namespace PassAtK.Evaluation.Estimation;

/// <summary>How a problem's samples spread out.</summary>
/// <param name="Id">The problem's id.</param>
/// <param name="Tokens">Drawn tokens by band of depth: depth 0, 1, 2 to 3, 4 to 7 and so on, depth being the tokens drawn before.</param>
/// <param name="Rows">Different prefixes that they were drawn after, in the same bands.</param>
public sealed record ProblemExploration(string Id, IReadOnlyList<long> Tokens, IReadOnlyList<long> Rows)
{
    /// <param name="id">The problem's id.</param>
    /// <param name="samples">The tokens of each of its samples; reordered.</param>
    public static ProblemExploration Of(string id, List<int[]> samples)
    {
        var (tokens, rows) = PrefixRows.ByDepth(samples);
        return new ProblemExploration(id, Banded(tokens), Banded(rows));
    }

    private static long[] Banded(long[] byDepth)
    {
        var bands = new long[byDepth.Length == 0 ? 0 : Exploration.BandOf(byDepth.Length - 1) + 1];
        for (var depth = 0; depth < byDepth.Length; depth++)
            bands[Exploration.BandOf(depth)] += byDepth[depth];
        return bands;
    }
}

/// <summary>Exploration in one band of depth.</summary>
/// <param name="From">The first depth.</param>
/// <param name="To">The last depth.</param>
/// <param name="Estimate">Rows per token.</param>
/// <param name="Low">Its lower limit.</param>
/// <param name="High">Its upper limit.</param>
public readonly record struct ExplorationBand(int From, int To, double Estimate, double Low, double High);

/// <summary>
/// How much of the space a model still explores: different prefixes per drawn token, in (0, 1], 1 where no two samples ever agree. All
/// samples of a problem together are one tree, so it falls with their number: compare at equal n.
/// </summary>
/// <param name="Overall">Over all depths.</param>
/// <param name="Depths">By band of depth.</param>
public sealed record Exploration(MeanEstimate Overall, IReadOnlyList<ExplorationBand> Depths)
{
    /// <returns>Null where no token was drawn.</returns>
    public static Exploration? Of(IReadOnlyList<ProblemExploration> problems, BootstrapSettings? settings = null)
    {
        var bands = problems.Count == 0 ? 0 : problems.Max(problem => problem.Tokens.Count);
        if (bands == 0)
            return null;
        double[][] rows = [.. problems.Select(problem =>
        {
            var row = new double[2 + (2 * bands)];
            (row[0], row[1]) = (problem.Rows.Sum(), problem.Tokens.Sum());
            for (var band = 0; band < problem.Tokens.Count; band++)
                (row[2 + (2 * band)], row[3 + (2 * band)]) = (problem.Rows[band], problem.Tokens[band]);
            return row;
        })];
        var means = ResampledMeans.Draw(ProblemTable.Of(rows), settings ?? BootstrapSettings.Default);
        return new Exploration(
            means.Ratio(0, 1)!.Value,
            [.. Enumerable.Range(0, bands).Select(band =>
            {
                var ratio = means.Ratio(2 + (2 * band), 3 + (2 * band))!.Value;
                var (from, to) = band == 0 ? (0, 0) : (1 << (band - 1), (1 << band) - 1);
                return new ExplorationBand(from, to, ratio.Estimate, ratio.Low, ratio.High);
            })]);
    }

    /// <summary>
    /// Overall exploration of the other run less that of the base, problems paired; null where either drew no token for them.
    /// </summary>
    public static MeanEstimate? Difference(
        IReadOnlyList<ProblemExploration> @base, IReadOnlyList<ProblemExploration> other, BootstrapSettings? settings = null)
    {
        double[][] rows = [.. @base.Join(
            other, problem => problem.Id, problem => problem.Id,
            (left, right) => new double[] { left.Rows.Sum(), left.Tokens.Sum(), right.Rows.Sum(), right.Tokens.Sum() })];
        if (rows.Length == 0 || rows.All(row => row[1] == 0) || rows.All(row => row[3] == 0))
            return null;
        var means = ResampledMeans.Draw(ProblemTable.Of(rows), settings ?? BootstrapSettings.Default);
        var estimate = Of(means.Estimates);
        var (low, high) = means.Interval(resample => Of(means[resample]));
        return new MeanEstimate(estimate, Math.Min(estimate, low), Math.Max(estimate, high));

        static double Of(ReadOnlySpan<double> sums) => (sums[2] / sums[3]) - (sums[0] / sums[1]);
    }

    /// <summary>0 for depth 0, then one more at each power of two.</summary>
    internal static int BandOf(int depth) => depth == 0 ? 0 : System.Numerics.BitOperations.Log2((uint)depth) + 1;
}
