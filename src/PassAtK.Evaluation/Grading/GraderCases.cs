using PassAtK.Engine;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>One graded case.</summary>
/// <param name="Index">Position among the file's cases, from 0.</param>
/// <param name="Correct">The grader's verdict.</param>
/// <param name="Extracted">The answer it read.</param>
public sealed record CaseResult(int Index, bool Correct, string? Extracted);

/// <summary>
/// Runs a grader over a JSON Lines file of cases: the texts `gold` and `pred`, other fields ignored. `pred` is graded as a completion
/// is; the graders take a bare answer as itself, so files of answers already extracted need no flag. `gold` is what a problem's gold would
/// be.
/// </summary>
public static class GraderCases
{
    /// <summary>The results in file order, one line in memory at a time.</summary>
    /// <exception cref="InputException">The file or one of its lines is bad.</exception>
    public static IEnumerable<CaseResult> Grade(string path, IGrader grader)
    {
        var index = 0;
        foreach (var line in JsonLines.Read(path))
        {
            var problem = new Problem { Id = $"case-{index}", Prompt = "", Gold = line.TextOrNumber("gold"), Raw = line.Raw };
            var verdict = Grade($"{path}, line {line.Number}", problem, line.TextOrNumber("pred"), grader);
            yield return new CaseResult(index++, verdict.Correct, verdict.Extracted);
        }
    }

    private static Verdict Grade(string place, Problem problem, string completion, IGrader grader)
    {
        try
        {
            return grader.Grade(problem, completion);
        }
        catch (InputException error)
        {
            throw new InputException($"{place}: {error.Message}", error);
        }
    }
}
