using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Judges a completion. A pure function of problem and completion, safe to call from many threads; it gives a verdict on any text in
/// time about linear in its length (one that runs programs, within a limit). Whoever changes a verdict on any input raises
/// <see cref="Version"/>. One that holds sandboxes gives them back when it is disposed of.
/// </summary>
public interface IGrader : IDisposable
{
    /// <summary>The name that `--grader` takes.</summary>
    string Name { get; }

    int Version { get; }

    /// <summary>What its extracted answers are.</summary>
    AnswerKind Answers => AnswerKind.Value;

    /// <summary>
    /// Whether two extracted answers of one problem say the same. Symmetric; need not be transitive; cheap enough for a thousand calls a
    /// problem.
    /// </summary>
    bool IsSameAnswer(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    /// <exception cref="PassAtK.Engine.InputException">The problem's gold is not in the form that this grader reads.</exception>
    Verdict Grade(Problem problem, string completion);

    /// <summary>Refuses what no completion could be graded with; asked before anything is sampled.</summary>
    /// <exception cref="PassAtK.Engine.InputException">The problem's gold is bad, or what grading needs is absent here.</exception>
    void Check(Problem problem) => Grade(problem, "");

#pragma warning disable CA1816 // No grader has a finalizer.
    void IDisposable.Dispose()
    {
    }
#pragma warning restore CA1816
}
