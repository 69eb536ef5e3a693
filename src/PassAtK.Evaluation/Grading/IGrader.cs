using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Judges a completion. A pure function of problem and completion, safe to call from many threads; it gives a verdict on any text in
/// time about linear in its length. Whoever changes a verdict on any input raises <see cref="Version"/>.
/// </summary>
public interface IGrader
{
    /// <summary>The name that `--grader` takes.</summary>
    string Name { get; }

    int Version { get; }

    /// <exception cref="PassAtK.Engine.InputException">The problem's gold is not in the form that this grader reads.</exception>
    Verdict Grade(Problem problem, string completion);
}
