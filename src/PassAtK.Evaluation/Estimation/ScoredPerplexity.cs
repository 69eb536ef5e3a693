using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>The perplexity of one run's samples under the model that scored them, and under their own.</summary>
/// <param name="Problems">Problems that have such samples.</param>
/// <param name="Samples">How many samples.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Scorer">Under the model that scored them.</param>
/// <param name="Own">Under the model that drew them.</param>
/// <param name="Ratio">Scorer over own, paired by problem; null where either is infinite.</param>
public sealed record ScoredPerplexity(
    int Problems, long Samples, long Tokens, Perplexity Scorer, Perplexity Own, MeanEstimate? Ratio)
{
    /// <returns>Null where there are no samples.</returns>
    /// <exception cref="InputException">A setting is outside its range.</exception>
    public static ScoredPerplexity? Of(
        IEnumerable<ProblemLikelihoods> problems, Func<SampleLikelihood, bool> which, BootstrapSettings? settings = null)
    {
        ProblemLikelihoods[] chosen = [.. problems.Select(problem => problem.Where(which)).Where(problem => problem.Samples.Count > 0)];
        if (chosen.Length == 0)
            return null;
        var means = PairedMeans.Draw(
            chosen.Select(problem =>
            {
                var scorer = problem.Samples.Average(sample => sample.ScoredNats);
                var own = problem.Samples.Average(sample => sample.OwnNats);
                return new[] { scorer, own, scorer - own };
            }),
            settings ?? BootstrapSettings.Default);
        SampleLikelihood[] samples = [.. chosen.SelectMany(problem => problem.Samples)];
        return new ScoredPerplexity(
            chosen.Length, samples.Length, samples.Sum(sample => (long)sample.Tokens),
            Perplexity.Of(means.Mean(0), samples.Select(sample => sample.ScoredNats)),
            Perplexity.Of(means.Mean(1), samples.Select(sample => sample.OwnNats)),
            means.Mean(2) is { } difference ? Perplexity.Exp(difference) : null);
    }
}
