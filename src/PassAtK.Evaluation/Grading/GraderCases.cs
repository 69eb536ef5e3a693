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
    private const int CasesAtOnce = 256;

    /// <summary>The results in file order, a few hundred cases in memory at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="grader">The grader.</param>
    /// <param name="workers">Threads that grade.</param>
    /// <exception cref="InputException">The file or one of its lines is bad; the results before it come first.</exception>
    public static IEnumerable<CaseResult> Grade(string path, IGrader grader, int workers)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers };
        foreach (var cases in Cases(path, grader).Chunk(CasesAtOnce))
        {
            Parallel.ForEach(cases, parallel, Judge);
            foreach (var graded in cases)
                yield return graded.Value;
        }
    }

    /// <summary>The cases, each graded when first asked for; the last may be a line that is none.</summary>
    private static IEnumerable<Lazy<CaseResult>> Cases(string path, IGrader grader)
    {
        using var lines = JsonLines.Read(path).GetEnumerator();
        for (var index = 0; ; index++)
        {
            Lazy<CaseResult>? next;
            var isRefused = false;
            try
            {
                next = lines.MoveNext() ? Case(path, lines.Current, index, grader) : null;
            }
            catch (InputException refusal)
            {
                isRefused = true;
                next = new Lazy<CaseResult>(() => throw refusal);
            }
            if (next is not null)
                yield return next;
            if (next is null || isRefused)
                yield break;
        }
    }

    private static Lazy<CaseResult> Case(string path, JsonLine line, int index, IGrader grader)
    {
        var place = $"{path}, line {line.Number}";
        var problem = new Problem { Id = $"case-{index}", Prompt = "", Gold = line.TextOrNumber("gold"), Raw = line.Raw };
        var completion = line.TextOrNumber("pred");
        return new Lazy<CaseResult>(() =>
        {
            try
            {
                var verdict = grader.Grade(problem, completion);
                return new CaseResult(index, verdict.Correct, verdict.Extracted);
            }
            catch (InputException error)
            {
                throw new InputException($"{place}: {error.Message}", error);
            }
        });
    }

    private static void Judge(Lazy<CaseResult> graded)
    {
        try
        {
            _ = graded.Value;
        }
        catch (InputException)
        {
            // Thrown again in its turn.
        }
    }
}
