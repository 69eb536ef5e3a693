using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>What sampling cost: every draw counts as a token, a row of logits counts once however many samples draw from it.</summary>
public sealed record SharingCounts(long SampledTokens, long ComputedRows);

/// <summary>How samples ended: by themselves, or cut at the token limit; and how many of those cut are wrong.</summary>
public sealed record FinishCounts(long Stop, long Length, long WrongAndLength);

/// <summary>A run's file and the model that drew its samples.</summary>
/// <param name="Path">The file.</param>
/// <param name="Model">Folder of the model.</param>
/// <param name="Fingerprint">Hexadecimal SHA-256 over weights, config and tokenizer.</param>
public sealed record RunSource(string Path, string Model, string Fingerprint);

/// <summary>A graded run, as a report needs it.</summary>
/// <param name="Name">What tables and charts call it.</param>
/// <param name="Problems">n and c of every problem.</param>
public sealed record RunOutcome(string Name, IReadOnlyList<ProblemCounts> Problems)
{
    /// <summary>n and c over all samples of the same problems, where <see cref="Problems"/> holds the first of them; else null.</summary>
    public IReadOnlyList<ProblemCounts>? Whole { get; init; }

    /// <summary>Problems of the run that are not among <see cref="Problems"/> because it is not finished; null where none is.</summary>
    public LeftOut? LeftOut { get; init; }

    /// <summary>Null where the samples came from elsewhere.</summary>
    public SharingCounts? Sharing { get; init; }

    /// <summary>Null where the samples came from elsewhere.</summary>
    public FinishCounts? Finish { get; init; }

    /// <summary>How the samples were allotted; null where each problem has as many.</summary>
    public AdaptiveOutcome? Adaptive { get; init; }

    /// <summary>How surprising the samples of each problem were; null where they came from elsewhere.</summary>
    public IReadOnlyList<ProblemSurprisal>? Surprisal { get; init; }

    /// <summary>Where the samples came from; null where from elsewhere.</summary>
    public RunSource? Source { get; init; }

    /// <summary>The log-likelihoods of the samples of each problem; null where they came from elsewhere.</summary>
    public IReadOnlyList<ProblemLikelihoods>? Likelihoods { get; init; }

    /// <summary>
    /// What the samples of each problem answered; null where they came from elsewhere or are programs (<see cref="Grading.AnswerKind"/>).
    /// </summary>
    public IReadOnlyList<ProblemAnswers>? Answers { get; init; }

    /// <summary>Whether the answers are values that a vote can be held over.</summary>
    public bool AnswersVote { get; init; }

    /// <summary>How long the samples of each problem are; null where they came from elsewhere.</summary>
    public IReadOnlyList<ProblemLengths>? Lengths { get; init; }

    /// <summary>How the samples of each problem spread out; null where they came from elsewhere.</summary>
    public IReadOnlyList<ProblemExploration>? Exploration { get; init; }

    /// <summary>
    /// By problem id: the chance that one blind guess is correct. Null where the task has no guesser; where some problems lack it, a report
    /// says so instead of drawing a line.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Chance { get; init; }

    /// <summary>The given ones of its problems with their answers; null where there is no vote.</summary>
    /// <exception cref="InputException">The answers of a problem are missing.</exception>
    internal IReadOnlyList<(ProblemCounts Counts, ProblemAnswers Answers)>? AnswersOf(IEnumerable<ProblemCounts> problems)
    {
        if (!AnswersVote || Answers is null)
            return null;
        var byId = Answers.ToDictionary(answers => answers.Id, StringComparer.Ordinal);
        return
        [
            .. problems.Select(problem => byId.TryGetValue(problem.Id, out var answers)
                ? (problem, answers)
                : throw new InputException($"problem '{problem.Id}' has counts but no answers, expected both.")),
        ];
    }
}
