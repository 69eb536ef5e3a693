using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Tests.Storage;

/// <summary>Small runs for tests.</summary>
internal static class Runs
{
    public static RunSettings Settings(int problems = 2) => new()
    {
        ModelPath = "models/small",
        ModelFingerprint = "ab12",
        TaskName = "jsonl",
        TaskSpec = "problems.jsonl",
        TaskDigest = TaskDigest.Of(Problems(problems).Select(problem => problem.Problem)),
        TemplateFingerprint = "",
        TemplateMode = "plain",
        Sampling = new SamplingParameters(),
        MaxTokens = 16,
        Stop = ["\n\nQuestion:"],
        Seed = 7,
        Backend = "cpu",
        ProductVersion = "0.1.0",
    };

    public static PreparedProblem[] Problems(int count = 2) =>
    [
        .. Enumerable.Range(0, count).Select(i => new PreparedProblem(
            new Problem
            {
                Id = $"p{i}",
                Prompt = $"What is {i}?",
                Gold = $"p{i} says \"3\" \0 é\U0001F600",
                Chance = i == 0 ? 0.25 : null,
                Raw = $$"""{"id":"p{{i}}"}""",
            },
            $"Question: What is {i}?\nAnswer:", [i, 127, 128, 150_000])),
    ];

    public static RunStore Open(string path, int problems = 2) => RunStore.CreateOrOpen(path, Settings(problems), Problems(problems));

    public static Completion Sample(int problem, int index, string text = "text", params int[] tokens) =>
        new($"p{problem}", index, tokens, [.. tokens.Select(token => -0.1f * token)], [.. tokens.Select(_ => -0.5f)], text, FinishReason.Stop);

    public static string Export(string path, (string, int)? grader = null)
    {
        using var reader = RunReader.Open(path);
        using var output = new MemoryStream();
        RunExport.Write(reader, grader, output);
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}
