using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

internal static class SampleLikelihoods
{
    /// <summary>The log-likelihoods of a problem's samples; null where none has a token, for nothing per token can be said of those.</summary>
    public static ProblemLikelihoods? Of(string id, IEnumerable<SampleOutcome> samples)
    {
        SampleLikelihood[] likelihoods = [.. samples
            .Where(sample => sample.Tokens.Length > 0)
            .Select(sample => new SampleLikelihood(sample.Tokens.Length, sample.Correct, sample.Logprob, sample.Scored))];
        return likelihoods.Length == 0 ? null : new ProblemLikelihoods(id, likelihoods);
    }
}
