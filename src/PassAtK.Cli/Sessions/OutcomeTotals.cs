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
    private readonly AnswerTally? _tally = grader is null or { Answers: AnswerKind.Program } ? null : new AnswerTally(grader);
    private readonly List<ProblemAnswers> _answers = [];
    private int _problem = -1;
    private readonly SortedDictionary<int, (long Samples, long Tokens, double Nats)> _problems = [];
    private readonly List<ProblemLengths> _lengths = [];
    private readonly List<ProblemExploration> _exploration = [];
    private readonly List<int> _correct = [];
    private readonly List<int> _wrong = [];
    private readonly List<int[]> _tokens = [];
    private long _stop;
    private long _length;
    private long _wrongAndLength;

    public FinishCounts Finish => new(_stop, _length, _wrongAndLength);

    public IReadOnlyList<ProblemSurprisal> Surprisal =>
        [.. _problems.Select(entry => new ProblemSurprisal(ids[entry.Key], entry.Value.Samples, entry.Value.Tokens, entry.Value.Nats))];

    /// <summary>Null where the grader's answers cannot be counted. Complete once all samples are added and <see cref="End"/> was called.</summary>
    public IReadOnlyList<ProblemAnswers>? Answers => _tally is null ? null : _answers;

    /// <summary>Complete after <see cref="End"/>, as is <see cref="Exploration"/>.</summary>
    public IReadOnlyList<ProblemLengths> Lengths => _lengths;

    public IReadOnlyList<ProblemExploration> Exploration => _exploration;

    public bool AnswersVote => grader is { Answers: AnswerKind.Value };

    /// <summary>Adds a sample with a verdict, of the same problem as the last or of a later one.</summary>
    public void Add(SampleOutcome sample)
    {
        if (sample.Problem != _problem)
            End();
        _problem = sample.Problem;
        _tokens.Add(sample.Tokens);
        (sample.Correct == true ? _correct : _wrong).Add(sample.Tokens.Length);
        _tally?.Add(sample.Extracted, sample.Correct == true);
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

    /// <summary>No more samples of the last problem come.</summary>
    public void End()
    {
        if (_problem < 0)
            return;
        if (_tally is not null)
            _answers.Add(_tally.Take(ids[_problem]));
        _lengths.Add(new ProblemLengths(ids[_problem], [.. _correct], [.. _wrong]));
        _exploration.Add(ProblemExploration.Of(ids[_problem], _tokens));
        _correct.Clear();
        _wrong.Clear();
        _tokens.Clear();
        _problem = -1;
    }
}
