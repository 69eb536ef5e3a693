using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>What the estimators need to know of one problem: how many samples were drawn and how many of them are correct.</summary>
/// <param name="Id">The problem's id, unique within a run.</param>
/// <param name="Samples">n, at least 1.</param>
/// <param name="Correct">c, from 0 to n.</param>
/// <exception cref="InputException">A count is outside its range.</exception>
public sealed record ProblemCounts(string Id, int Samples, int Correct)
{
    public int Samples { get; } = Samples >= 1
        ? Samples
        : throw new InputException($"problem '{Id}' has {Samples} samples, expected at least 1.");

    public int Correct { get; } = Correct >= 0 && Correct <= Samples
        ? Correct
        : throw new InputException($"problem '{Id}' has {Correct} correct samples, expected 0 to {Samples}.");

    /// <summary>The problems in the order of their counts, once it is sure that there are some and that no id comes twice.</summary>
    /// <remarks>So every resample is a function of the counts alone: neither file order nor naming can move an interval.</remarks>
    internal static ProblemCounts[] InCanonicalOrder(IReadOnlyList<ProblemCounts> problems)
    {
        if (problems.Count == 0)
            throw new InputException("the run has no problems with samples, expected at least one.");
        RefuseDuplicates(problems);
        return [.. problems.OrderBy(problem => problem.Samples).ThenBy(problem => problem.Correct)];
    }

    internal static void RefuseDuplicates(IReadOnlyList<ProblemCounts> problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var problem in problems)
        {
            if (!seen.Add(problem.Id))
                throw new InputException($"problem '{problem.Id}' appears more than once, expected each id once.");
        }
    }
}
