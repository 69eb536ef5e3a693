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
    private readonly List<ProblemLengths> _lengths = [];
    private readonly List<ProblemExploration> _exploration = [];
    private readonly List<int> _correct = [];
    private readonly List<int> _wrong = [];
    private readonly List<int[]> _tokens = [];
    private int _problem = -1;
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

    /// <summary>Complete after <see cref="End"/>, as is <see cref="Exploration"/>.</summary>
    public IReadOnlyList<ProblemLengths> Lengths => _lengths;

    public IReadOnlyList<ProblemExploration> Exploration => _exploration;

    /// <summary>Adds a sample with a verdict, of the same problem as the last or of a later one.</summary>
    public void Add(SampleOutcome sample)
    {
        if (sample.Problem != _problem)
            EndProblem();
        _problem = sample.Problem;
        _tokens.Add(sample.Tokens);
        (sample.Correct == true ? _correct : _wrong).Add(sample.Tokens.Length);
        Answers.Add(sample.Problem, sample.Extracted, sample.Correct == true);
        _likelihoods.Add(sample);
        var (samples, tokens, nats) = _problems.GetValueOrDefault(sample.Problem);
        _problems[sample.Problem] = (samples + 1, tokens + sample.Tokens.Length, nats + sample.Surprisal);
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
    public void End()
    {
        EndProblem();
        Answers.End();
    }

    private void EndProblem()
    {
        if (_problem < 0)
            return;
        _lengths.Add(new ProblemLengths(ids[_problem], [.. _correct], [.. _wrong]));
        _exploration.Add(ProblemExploration.Of(ids[_problem], _tokens));
        _correct.Clear();
        _wrong.Clear();
        _tokens.Clear();
        _problem = -1;
    }
}
