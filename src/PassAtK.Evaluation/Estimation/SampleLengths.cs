namespace PassAtK.Evaluation.Estimation;

/// <summary>How many tokens each of a problem's samples drew.</summary>
/// <param name="Id">The problem's id.</param>
/// <param name="Correct">Of the correct samples.</param>
/// <param name="Wrong">Of the wrong ones.</param>
public sealed record ProblemLengths(string Id, IReadOnlyList<int> Correct, IReadOnlyList<int> Wrong);

/// <summary>A percentile of the lengths of all samples together.</summary>
public readonly record struct LengthQuantile(double Share, double Tokens);

/// <summary>The lengths of samples, in tokens.</summary>
/// <param name="All">Of a sample, mean over problems of the mean over their samples.</param>
/// <param name="Correct">Of a correct sample, every one counting the same; null where there is none.</param>
/// <param name="Wrong">Of a wrong one likewise.</param>
/// <param name="Quantiles">Of all samples together, linear between neighbours.</param>
public sealed record SampleLengths(MeanEstimate All, MeanEstimate? Correct, MeanEstimate? Wrong, IReadOnlyList<LengthQuantile> Quantiles)
{
    private static readonly double[] Shares = [0.05, 0.25, 0.5, 0.75, 0.95, 1];

    /// <returns>Null where there is no problem.</returns>
    public static SampleLengths? Of(IReadOnlyList<ProblemLengths> problems, BootstrapSettings? settings = null)
    {
        if (problems.Count == 0)
            return null;
        double[][] rows = [.. problems.Select(problem =>
        {
            double correct = problem.Correct.Sum(length => (long)length), wrong = problem.Wrong.Sum(length => (long)length);
            var mean = (correct + wrong) / (problem.Correct.Count + problem.Wrong.Count);
            return new[] { mean, correct, problem.Correct.Count, wrong, problem.Wrong.Count };
        })];
        var means = ResampledMeans.Draw(ProblemTable.Of(rows), settings ?? BootstrapSettings.Default);
        double[] lengths = [.. problems.SelectMany(problem => problem.Correct.Concat(problem.Wrong)).Select(length => (double)length)];
        RadixSort.Sort(lengths);
        return new SampleLengths(
            means.Mean(0, ValueRange.Open), means.Ratio(1, 2), means.Ratio(3, 4),
            [.. Shares.Select(share => new LengthQuantile(share, Percentile.OfSorted(lengths, share)))]);
    }
}
