using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Grading;

/// <summary>Gathers the answers of a run's graded samples, which come in order of problems.</summary>
/// <param name="ids">The ids of the problems, by position.</param>
/// <param name="grader">Whose verdicts they are; null where this version has no grader of that name.</param>
public sealed class ProblemAnswersList(IReadOnlyList<string> ids, IGrader? grader)
{
    private readonly AnswerTally? _tally = grader is null or { Answers: AnswerKind.Program } ? null : new AnswerTally(grader);
    private readonly List<ProblemAnswers> _answers = [];
    private int _problem = -1;

    /// <summary>Null where the grader's answers cannot be counted; complete after each <see cref="End"/>.</summary>
    public IReadOnlyList<ProblemAnswers>? All => _tally is null ? null : _answers;

    /// <summary>Whether the answers are values that a vote can be held over.</summary>
    public bool Vote => grader is { Answers: AnswerKind.Value };

    /// <summary>Problems that had a sample.</summary>
    public int Problems { get; private set; }

    /// <summary>Adds a sample of the same problem as the last or of a later one.</summary>
    public void Add(int problem, string? extracted, bool correct)
    {
        if (problem != _problem)
        {
            End();
            _problem = problem;
            Problems++;
        }
        _tally?.Add(extracted, correct);
    }

    /// <summary>No more samples of this problem come.</summary>
    public void End()
    {
        if (_problem >= 0 && _tally is not null)
            _answers.Add(_tally.Take(ids[_problem]));
        _problem = -1;
    }
}
