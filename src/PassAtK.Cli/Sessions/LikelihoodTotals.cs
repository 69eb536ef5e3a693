using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>The log-likelihoods of samples, which come problem by problem.</summary>
internal sealed class LikelihoodTotals
{
    private readonly List<(int Problem, List<SampleLikelihood> Samples)> _problems = [];

    public void Add(SampleOutcome sample)
    {
        // Nothing per token can be said of a sample without tokens.
        if (sample.Tokens.Length == 0)
            return;
        if (_problems.Count == 0 || _problems[^1].Problem != sample.Problem)
            _problems.Add((sample.Problem, []));
        _problems[^1].Samples.Add(new SampleLikelihood(sample.Tokens.Length, sample.Correct, sample.Logprob, sample.Scored));
    }

    public IReadOnlyList<ProblemLikelihoods> ByProblem(IReadOnlyList<string> ids) =>
        [.. _problems.Select(entry => new ProblemLikelihoods(ids[entry.Problem], entry.Samples))];
}
