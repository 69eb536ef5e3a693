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
    private readonly List<ProblemSurprisal> _surprisal = [];
    private readonly List<ProblemLengths> _lengths = [];
    private readonly List<ProblemExploration> _exploration = [];
    private readonly List<int> _correct = [];
    private readonly List<int> _wrong = [];
    private readonly List<int[]> _tokens = [];
    private int _problem = -1;
    private double _nats;
    private readonly LikelihoodTotals _likelihoods = new();
    private long _stop;
    private long _length;
    private long _wrongAndLength;

    public FinishCounts Finish => new(_stop, _length, _wrongAndLength);

    /// <summary>Complete after <see cref="End"/>, as are the next ones.</summary>
    public IReadOnlyList<ProblemSurprisal> Surprisal => _surprisal;

    public IReadOnlyList<ProblemLikelihoods> Likelihoods => _likelihoods.ByProblem(ids);

    /// <summary>What the samples answered.</summary>
    public ProblemAnswersList Answers { get; } = new(ids, grader);

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
        _nats += sample.Surprisal;
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
        _surprisal.Add(new ProblemSurprisal(ids[_problem], _tokens.Count, _tokens.Sum(tokens => (long)tokens.Length), _nats));
        _lengths.Add(new ProblemLengths(ids[_problem], [.. _correct], [.. _wrong]));
        _exploration.Add(ProblemExploration.Of(ids[_problem], _tokens));
        _correct.Clear();
        _wrong.Clear();
        _tokens.Clear();
        (_problem, _nats) = (-1, 0);
    }
}
