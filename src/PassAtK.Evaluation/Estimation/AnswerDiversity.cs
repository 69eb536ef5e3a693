namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// How many different answers a problem's samples give, and the entropy of an answer, in nats. Entropy from counts is biased down: answers
/// that were not seen add nothing. Three estimates show by how much. Samples without an answer count as one answer to entropy, and not as
/// a distinct one.
/// </summary>
/// <param name="Distinct">Different answers of a problem, mean over problems. It rises with n: compare at equal n.</param>
/// <param name="PlugIn">-sum p ln p with p the share of samples; the least.</param>
/// <param name="MillerMadow">The same plus (answers - 1) / (2 n). Source: Miller 1955.</param>
/// <param name="ChaoShen">
/// Weighted for answers that were not seen, by the share of those seen once. Source: Chao and Shen, Environmental and Ecological Statistics
/// 10, 2003.
/// </param>
public sealed record AnswerDiversity(MeanEstimate Distinct, MeanEstimate PlugIn, MeanEstimate MillerMadow, MeanEstimate ChaoShen)
{
    /// <returns>Null where there is no problem.</returns>
    public static AnswerDiversity? Of(IReadOnlyList<ProblemAnswers> problems, BootstrapSettings? settings = null)
    {
        if (problems.Count == 0)
            return null;
        double[][] rows = [.. problems.Select(Row)];
        var means = ResampledMeans.Draw(ProblemTable.Of(rows), settings ?? BootstrapSettings.Default);
        return new AnswerDiversity(
            means.Mean(0, ValueRange.Open), means.Mean(1, ValueRange.Open), means.Mean(2, ValueRange.Open), means.Mean(3, ValueRange.Open));
    }

    private static double[] Row(ProblemAnswers answers)
    {
        var counts = answers.Classes.Select(answer => answer.Samples).ToList();
        if (answers.WithoutAnswer > 0)
            counts.Add(answers.WithoutAnswer);
        return [answers.Classes.Count, PlugInOf(counts), MillerMadowOf(counts), ChaoShenOf(counts)];
    }

    internal static double PlugInOf(IReadOnlyList<int> counts)
    {
        double n = counts.Sum();
        return 0 - counts.Sum(count => count / n * Math.Log(count / n));
    }

    internal static double MillerMadowOf(IReadOnlyList<int> counts) => PlugInOf(counts) + ((counts.Count - 1) / (2.0 * counts.Sum()));

    internal static double ChaoShenOf(IReadOnlyList<int> counts)
    {
        double n = counts.Sum();
        var once = counts.Count(count => count == 1);
        // With every answer seen once the estimated coverage would be 0 and say nothing; one fewer is counted, as usual.
        var coverage = 1 - ((once == counts.Count && once > 1 ? once - 1 : once) / n);
        if (counts.Count == 1)
            return 0;
        return 0 - counts.Sum(count =>
        {
            var share = coverage * count / n;
            return share * Math.Log(share) / (1 - Math.Pow(1 - share, n));
        });
    }
}
