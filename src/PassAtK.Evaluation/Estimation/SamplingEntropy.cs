using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>How surprising one problem's samples were.</summary>
/// <param name="Id">The problem's id.</param>
/// <param name="Samples">How many samples, at least 1.</param>
/// <param name="Tokens">Tokens that they drew, all together.</param>
/// <param name="Nats">Minus the natural log of the probability that they were drawn with, all together.</param>
public readonly record struct ProblemSurprisal(string Id, long Samples, long Tokens, double Nats);

/// <summary>
/// The entropy of what was sampled from, after temperature and filters, in nats. The expected surprisal -ln q(x) of a sample x ~ q is q's
/// entropy, so the mean surprisal of samples estimates it without bias; divided by tokens it is the entropy of a token's distribution,
/// averaged over the contexts that sampling visits, which reports of reinforcement learning call policy entropy. Every problem counts the
/// same. Source: Shannon, "A mathematical theory of communication", 1948, section 6.
/// </summary>
/// <param name="PerToken">A problem's surprisal divided by its tokens, mean over problems.</param>
/// <param name="PerSample">A problem's surprisal divided by its samples, mean over problems.</param>
public sealed record SamplingEntropy(MeanEstimate PerToken, MeanEstimate PerSample)
{
    /// <returns>Null where there is no problem, or no token was drawn for one.</returns>
    /// <exception cref="InputException">A surprisal is not a number of at least 0, or a setting is outside its range.</exception>
    public static SamplingEntropy? Of(IReadOnlyList<ProblemSurprisal> problems, BootstrapSettings? settings = null)
    {
        if (problems.Count == 0 || problems.Any(problem => problem.Tokens == 0))
            return null;
        foreach (var problem in problems)
        {
            if (!(problem.Nats >= 0 && double.IsFinite(problem.Nats)))
            {
                throw new InputException(
                    $"problem '{problem.Id}': the surprisal of its samples is {problem.Nats}, expected a number of at least 0.");
            }
        }
        // Neither file order nor naming can move an interval.
        var ordered = problems.OrderBy(problem => problem.Nats).ThenBy(problem => problem.Tokens).ThenBy(problem => problem.Samples)
            .ToArray();
        var table = ProblemTable.Of(
            ordered, 2, problem => (problem.Samples, problem.Tokens, problem.Nats),
            (problem, row) => (row[0], row[1]) = (problem.Nats / problem.Tokens, problem.Nats / problem.Samples));
        var means = ResampledMeans.Draw(table, settings ?? BootstrapSettings.Default);
        return new SamplingEntropy(means.Mean(0, ValueRange.Open), means.Mean(1, ValueRange.Open));
    }
}
