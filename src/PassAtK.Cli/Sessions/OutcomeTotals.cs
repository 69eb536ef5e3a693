using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>What a report sums over the graded samples of finished problems, which come in order of problems.</summary>
/// <param name="ids">The ids of the problems, by position.</param>
/// <param name="grader">Whose verdicts they are; null where this version has no grader of that name.</param>
internal sealed class OutcomeTotals(IReadOnlyList<string> ids, IGrader? grader)
{
    private readonly List<ProblemCounts> _counts = [];
    private readonly List<ProblemSurprisal> _surprisal = [];
    private readonly List<ProblemLikelihoods> _likelihoods = [];
    private readonly List<ProblemLengths> _lengths = [];
    private readonly List<ProblemExploration> _exploration = [];
    private long _stop;
    private long _length;
    private long _wrongAndLength;

    public FinishCounts Finish => new(_stop, _length, _wrongAndLength);

    public IReadOnlyList<ProblemCounts> Counts => _counts;

    public IReadOnlyList<ProblemSurprisal> Surprisal => _surprisal;

    public IReadOnlyList<ProblemLikelihoods> Likelihoods => _likelihoods;

    /// <summary>What the samples answered.</summary>
    public ProblemAnswersList Answers { get; } = new(ids, grader);

    public IReadOnlyList<ProblemLengths> Lengths => _lengths;

    public IReadOnlyList<ProblemExploration> Exploration => _exploration;

    /// <summary>Adds samples of the next problem, all of which have a verdict.</summary>
    public void Add(int problem, IReadOnlyList<SampleOutcome> samples)
    {
        var nats = 0.0;
        var (correct, wrong) = (new List<int>(), new List<int>());
        foreach (var sample in samples)
        {
            var isCorrect = sample.Correct == true;
            (isCorrect ? correct : wrong).Add(sample.Tokens.Length);
            Answers.Add(problem, sample.Extracted, isCorrect);
            nats += sample.Surprisal;
            if (sample.Finish == "stop")
            {
                _stop++;
                continue;
            }
            _length++;
            if (!isCorrect)
                _wrongAndLength++;
        }
        Answers.End();
        var id = ids[problem];
        _counts.Add(new ProblemCounts(id, samples.Count, correct.Count));
        _surprisal.Add(new ProblemSurprisal(id, samples.Count, samples.Sum(sample => (long)sample.Tokens.Length), nats));
        _lengths.Add(new ProblemLengths(id, correct, wrong));
        _exploration.Add(ProblemExploration.Of(id, [.. samples.Select(sample => sample.Tokens)]));
        if (RunScoring.LikelihoodsOf(id, samples) is { } likelihoods)
            _likelihoods.Add(likelihoods);
    }
}
