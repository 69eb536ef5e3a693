using System.Collections.Concurrent;
using System.Text.Json;
using PassAtK.Evaluation.Grading.Code;
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

    [Fact]
    public void No_body_that_solves_nothing_passes()
    {
        var problems = Load("humaneval", "HumanEval.jsonl.gz");

        Assert.Equal(problems.Count, Failures(problems, _ => "    return None\n").Count);
    }

    [Fact]
    public void No_solution_passes_whose_results_are_changed_a_little()
    {
        const string Changed = """


            def _changed(value):
                if isinstance(value, bool): return not value
                if isinstance(value, (int, float)): return value + 1
                if isinstance(value, str): return value + "x"
                if isinstance(value, list): return value + [0]
                if isinstance(value, tuple): return value + (0,)
                if isinstance(value, dict): return {**value, "x": 0}
                return 0
            NAME = lambda *a, _solution=NAME: _changed(_solution(*a))

            """;
        var problems = Load("humaneval", "HumanEval.jsonl.gz");

        var failures = Failures(
            problems,
            problem => Field(problem, "canonical_solution") + Changed.Replace(
                "NAME", Field(problem, "entry_point"), StringComparison.Ordinal));

        Assert.Equal(problems.Count, failures.Count);
    }

    [Fact]
    public void All_solutions_of_MBPP_pass()
    {
        var problems = Load("mbpp", "mbpp.jsonl");

        Assert.Equal(974, problems.Count);
        // mbpp-123 computes for seconds; on a slow machine for longer than a sample may.
        using var patient = new CodeGrader(CodeLimits.Default with { Time = TimeSpan.FromMinutes(1) });
        Assert.Empty(Failures(problems, problem => Field(problem, "code"), patient));
    }

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

    private List<string> Failures(IReadOnlyList<Problem> problems, Func<Problem, string> solution, CodeGrader? other = null)
    {
        var failures = new ConcurrentBag<string>();
        // Skips where there are no sandboxes, whichever grader is asked for.
        var own = sandboxes.Grader;
        var grader = other ?? own;
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
