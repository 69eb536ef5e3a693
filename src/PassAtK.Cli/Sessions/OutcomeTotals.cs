using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>What a report sums over the graded samples of finished problems, in one pass over them.</summary>
internal sealed class OutcomeTotals
{
    private readonly SortedDictionary<int, (long Samples, long Tokens, double Nats)> _problems = [];
    private readonly LikelihoodTotals _likelihoods = new();
    private long _stop;
    private long _length;
    private long _wrongAndLength;

    public FinishCounts Finish => new(_stop, _length, _wrongAndLength);

    public IReadOnlyList<ProblemSurprisal> Surprisal(IReadOnlyList<string> ids) =>
        [.. _problems.Select(entry => new ProblemSurprisal(ids[entry.Key], entry.Value.Samples, entry.Value.Tokens, entry.Value.Nats))];

    public IReadOnlyList<ProblemLikelihoods> Likelihoods(IReadOnlyList<string> ids) => _likelihoods.ByProblem(ids);

    public void Add(SampleOutcome sample)
    {
        _likelihoods.Add(sample);
        var (samples, tokens, nats) = _problems.GetValueOrDefault(sample.Problem);
        _problems[sample.Problem] = (samples + 1, tokens + sample.TokenCount, nats + sample.Surprisal);
        if (sample.Finish == "stop")
        {
            _stop++;
            return;
        }
        _length++;
        if (sample.Correct == false)
            _wrongAndLength++;
    }
}
