using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>The log-likelihoods of samples, problem by problem.</summary>
internal sealed class LikelihoodTotals
{
    private readonly SortedDictionary<int, List<SampleLikelihood>> _problems = [];

    public void Add(SampleOutcome sample)
    {
        // Nothing per token can be said of a sample without tokens.
        if (sample.Tokens.Length == 0)
            return;
        if (!_problems.TryGetValue(sample.Problem, out var samples))
            _problems[sample.Problem] = samples = [];
        samples.Add(new SampleLikelihood(sample.Tokens.Length, sample.Correct, sample.Logprob, sample.Scored));
    }

    public IReadOnlyList<ProblemLikelihoods> ByProblem(IReadOnlyList<string> ids) =>
        [.. _problems.Select(entry => new ProblemLikelihoods(ids[entry.Key], entry.Value))];
}
