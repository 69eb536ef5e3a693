using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>One answer to a problem: all its samples that say the same and got the same verdict.</summary>
/// <param name="Key">The answer's text, unique among answers of one verdict.</param>
/// <param name="Samples">How many samples gave it, at least 1.</param>
/// <param name="Correct">Their verdict.</param>
public readonly record struct AnswerClass(string Key, int Samples, bool Correct);

/// <summary>
/// What a problem's graded samples answered. Holds distinct answers, not samples. Made by <see cref="Grading.AnswerTally"/>.
/// </summary>
/// <param name="Id">The problem's id.</param>
/// <param name="Classes">The answers, those with most samples first; of equally many the wrong ones first, then by key.</param>
/// <param name="WithoutAnswer">Samples in which the grader found no answer; all of them are wrong.</param>
/// <exception cref="InputException">A count is below its least, or there is no sample.</exception>
public sealed record ProblemAnswers(string Id, IReadOnlyList<AnswerClass> Classes, int WithoutAnswer)
{
    public int WithoutAnswer { get; } = WithoutAnswer >= 0
        ? WithoutAnswer
        : throw new InputException($"problem '{Id}' has {WithoutAnswer} samples without an answer, expected at least 0.");

    public IReadOnlyList<AnswerClass> Classes { get; } = Ordered(Id, Classes, WithoutAnswer);

    /// <summary>n, at least 1.</summary>
    public int Samples => WithoutAnswer + Classes.Sum(answer => answer.Samples);

    /// <summary>c, from 0 to n.</summary>
    public int Correct => Classes.Where(answer => answer.Correct).Sum(answer => answer.Samples);

    private static AnswerClass[] Ordered(string id, IReadOnlyList<AnswerClass> classes, int without)
    {
        if (classes.Count == 0 && without == 0)
            throw new InputException($"problem '{id}' has no samples, expected at least 1.");
        foreach (var answer in classes)
        {
            if (answer.Samples < 1)
                throw new InputException($"problem '{id}': answer '{answer.Key}' has {answer.Samples} samples, expected at least 1.");
        }
        return
        [
            .. classes.OrderByDescending(answer => answer.Samples).ThenBy(answer => answer.Correct)
                .ThenBy(answer => answer.Key, StringComparer.Ordinal),
        ];
    }
}
