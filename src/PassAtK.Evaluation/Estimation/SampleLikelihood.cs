namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// How likely a sample is, whatever it was drawn with: natural logs of its whole probability at temperature 1 without filters.
/// </summary>
/// <param name="Tokens">Its length, at least 1.</param>
/// <param name="Correct">Null where it is not graded.</param>
/// <param name="Own">Under the model that drew it.</param>
/// <param name="Scored">Under the model that scored it; null where none did.</param>
public readonly record struct SampleLikelihood(int Tokens, bool? Correct, double Own, double? Scored)
{
    internal double OwnNats => Nats(Own);

    internal double ScoredNats => Nats(Scored ?? double.NaN);

    // Minus the log-likelihood of a token, on average. What is no number is no better than what cannot be.
    private double Nats(double logprob) => double.IsNaN(logprob) ? double.PositiveInfinity : 0 - (logprob / Tokens);
}

/// <summary>The samples of one problem.</summary>
public sealed record ProblemLikelihoods(string Id, IReadOnlyList<SampleLikelihood> Samples)
{
    /// <summary>The problem with the samples that <paramref name="which"/> takes.</summary>
    internal ProblemLikelihoods Where(Func<SampleLikelihood, bool> which) => new(Id, [.. Samples.Where(which)]);
}
