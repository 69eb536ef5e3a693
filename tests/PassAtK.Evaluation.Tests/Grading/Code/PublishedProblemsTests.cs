using System.Collections.Concurrent;
using System.Text.Json;
using PassAtK.Evaluation.Tasks;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading.Code;

/// <summary>HumanEval and MBPP: their own solutions pass, broken ones do not.</summary>
public sealed class PublishedProblemsTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    [Fact]
    public void All_solutions_of_HumanEval_pass()
    {
        var problems = Load("humaneval", "HumanEval.jsonl.gz");

        Assert.Equal(164, problems.Count);
        Assert.Empty(Failures(problems, problem => Field(problem, "canonical_solution")));
    }

    /// <summary>A body that returns a wrong value of the right type, a body without a result, and one that raises.</summary>
    [Theory]
    [InlineData("    return None\n")]
    [InlineData("    return -77\n")]
    [InlineData("    raise ValueError\n")]
    public void No_body_that_solves_nothing_passes(string body)
    {
        var problems = Load("humaneval", "HumanEval.jsonl.gz");

        Assert.Equal(problems.Count, Failures(problems, _ => body).Count);
    }

    [Fact]
    public void Every_seventh_solution_of_MBPP_passes()
    {
        var problems = Load("mbpp", "mbpp.jsonl");
        Problem[] some = [.. problems.Where((_, position) => position % 7 == 0 || Unusual.Contains(position))];

        Assert.Equal(974, problems.Count);
        Assert.Empty(Failures(some, problem => Field(problem, "code")));
    }

    /// <summary>A function named like a built-in one; trees that the tests build from the program's own class.</summary>
    private static readonly int[] Unusual = [125, 366, 926];

    [Fact]
    public void Half_of_the_published_example_samples_pass()
    {
        var problem = Assert.Single(Load("humaneval", "humaneval_example_problem.jsonl"));
        string[] lines = [.. File.ReadLines(RepositoryPaths.InSharedOrSkip("data", "humaneval_example_samples.jsonl"))];
        bool[] passed = [.. lines.AsParallel().AsOrdered().Select(line =>
        {
            using var sample = JsonDocument.Parse(line);
            return sandboxes.Grader.Grade(problem, sample.RootElement.GetProperty("completion").GetString()!).Correct;
        })];

        Assert.Equal([false, false, false, true, true, true], passed);
    }

    private List<string> Failures(IReadOnlyList<Problem> problems, Func<Problem, string> solution)
    {
        var failures = new ConcurrentBag<string>();
        var grader = sandboxes.Grader;
        Parallel.ForEach(problems, problem =>
        {
            var verdict = grader.Grade(problem, solution(problem));
            if (!verdict.Correct)
                failures.Add($"{problem.Id}: {verdict.Detail}");
        });
        return [.. failures.Order(StringComparer.Ordinal)];
    }

    private static IReadOnlyList<Problem> Load(string format, string file) =>
        TaskSpec.Parse($"{format}:{RepositoryPaths.InSharedOrSkip("data", file)}").Load();

    private static string Field(Problem problem, string field)
    {
        using var document = JsonDocument.Parse(problem.Raw);
        return document.RootElement.GetProperty(field).GetString()!;
    }
}
