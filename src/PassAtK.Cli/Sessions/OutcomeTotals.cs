using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>What a report sums over the graded samples of finished problems, in one pass over them in order of problems.</summary>
/// <param name="ids">The ids of the problems, by position.</param>
/// <param name="grader">Whose verdicts they are; null where this version has no grader of that name.</param>
internal sealed class OutcomeTotals(IReadOnlyList<string> ids, IGrader? grader)
{
    private readonly SortedDictionary<int, (long Samples, long Tokens, double Nats)> _problems = [];
    private readonly LikelihoodTotals _likelihoods = new();
    private long _stop;
    private long _length;
    private long _wrongAndLength;

    public FinishCounts Finish => new(_stop, _length, _wrongAndLength);

    public IReadOnlyList<ProblemSurprisal> Surprisal =>
        [.. _problems.Select(entry => new ProblemSurprisal(ids[entry.Key], entry.Value.Samples, entry.Value.Tokens, entry.Value.Nats))];

    public IReadOnlyList<ProblemLikelihoods> Likelihoods => _likelihoods.ByProblem(ids);

    /// <summary>What the samples answered; complete after <see cref="End"/>.</summary>
    public ProblemAnswersList Answers { get; } = new(ids, grader);

    /// <summary>Adds a sample with a verdict, of the same problem as the last or of a later one.</summary>
    public void Add(SampleOutcome sample)
    {
        Answers.Add(sample.Problem, sample.Extracted, sample.Correct == true);
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

    /// <summary>No more samples come.</summary>
    public void End() => Answers.End();
}
