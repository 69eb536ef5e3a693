using System.Diagnostics;
using System.Text.Json;
using PassAtK.Evaluation.Grading.Code;
using PassAtK.Evaluation.Tasks;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading.Code;

/// <summary>
/// HumanEval's own solutions with one operator, number or word changed. What each is worth a plain Python says that runs it and its tests
/// in one process, without sandbox, channel or decoder.
/// </summary>
public sealed class MutatedSolutionsTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    /// <summary>Reads a JSON text in each line, runs it as a program, and writes whether it ended well.</summary>
    private const string Reference = """
        import json, os, resource, sys, time

        def fork():
            for attempt in range(50):
                try:
                    return os.fork()
                except OSError:
                    time.sleep(0.1)
            return os.fork()

        for line in sys.stdin:
            child = fork()
            if child == 0:
                resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
                resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
                os.dup2(os.open('/dev/null', os.O_RDWR), 1)
                passed = 1
                try:
                    exec(json.loads(line), {'__name__': 'solution'})
                    passed = 0
                finally:
                    os._exit(passed)
            print(os.waitpid(child, 0)[1] == 0, flush=True)
        """;

    private static readonly (string From, string To)[] Mutations =
    [
        (" + ", " - "), (" - ", " + "), (" * ", " + "), (" // ", " * "), (" == ", " != "), (" < ", " <= "), (" > ", " >= "),
        (" <= ", " < "), (" and ", " or "), (" not ", " "), ("True", "False"), ("False", "True"), ("0", "1"), ("1", "2"), ("max", "min"), ("sorted", "list"),
        ("[::-1]", ""), (".lower", ".upper"), ("return ", "return not "), ("append", "count"),
    ];

    [Fact]
    public async Task A_changed_solution_passes_only_where_a_plain_Python_passes_it()
    {
        var all = Environment.GetEnvironmentVariable("PASSATK_TEST_ALL_MUTANTS") == "1";
        var problems = TaskSpec.Parse($"humaneval:{RepositoryPaths.InSharedOrSkip("data", "HumanEval.jsonl.gz")}").Load();
        (Problem Problem, string Solution)[] mutants = [.. problems.SelectMany(Mutants).Where((_, position) => all || position % 12 == 0)];
        var grader = sandboxes.Grader;

        var expected = await PlainPython(mutants.Select(mutant => Whole(mutant.Problem, mutant.Solution)));
        bool[] passed = [.. mutants.AsParallel().AsOrdered().Select(mutant => grader.Grade(mutant.Problem, mutant.Solution).Correct)];

        Assert.Equal(mutants.Length, expected.Count);
        Assert.Empty(mutants.Where((_, position) => passed[position] != expected[position])
            .Select(mutant => $"{mutant.Problem.Id}:\n{mutant.Solution}"));
        // Most changes break a solution.
        Assert.InRange(passed.Count(correct => !correct), 0.7 * mutants.Length, mutants.Length - 1);
    }

    /// <summary>Each mutation at the first place where it applies.</summary>
    private static IEnumerable<(Problem Problem, string Solution)> Mutants(Problem problem)
    {
        using var document = JsonDocument.Parse(problem.Raw);
        var solution = document.RootElement.GetProperty("canonical_solution").GetString()!;
        foreach (var (from, to) in Mutations)
        {
            var at = solution.IndexOf(from, StringComparison.Ordinal);
            if (at >= 0)
                yield return (problem, $"{solution.AsSpan(0, at)}{to}{solution.AsSpan(at + from.Length)}");
        }
    }

    private static string Whole(Problem problem, string solution)
    {
        var gold = CodeGold.Of(problem);
        return $"{gold.Prompt}{solution}\n{gold.Test}\ncheck({gold.EntryPoint})\n";
    }

    private static async Task<List<bool>> PlainPython(IEnumerable<string> programs)
    {
        using var python = StartPython();
        var passed = new List<bool>();
        foreach (var program in programs)
        {
            await python.StandardInput.WriteLineAsync(JsonSerializer.Serialize(program));
            var line = await python.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.NotNull(line);
            passed.Add(line == "True");
        }
        python.StandardInput.Close();
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return passed;
    }

    private static Process StartPython()
    {
        var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Reference])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // What programs complain of is not looked at, but must not fill the pipe.
        python.ErrorDataReceived += (_, _) => { };
        python.BeginErrorReadLine();
        return python;
    }
}
