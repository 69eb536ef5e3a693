using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

public sealed class TraceCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Run(int samples) =>
    [
        "run", "--model", Passatk.BaseModel, "--task", Passatk.CountdownTask, "--limit", "20", "--samples", $"{samples}", "--temperature", "1",
        "--quiet", "--out", "traced", "--trace", "trace.json", "--trace-workers", "--threads", "2",
    ];

    [Fact]
    public void A_traced_run_shows_steps_workers_graders_and_the_thread_that_stores()
    {
        var result = Passatk.Run(_folder.Path, Run(16));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("trace.json", result.Error, StringComparison.Ordinal);
        using var trace = JsonDocument.Parse(File.ReadAllText(_folder.File("trace.json")));
        string[] tracks = [.. Names(trace, "M", item => item.GetProperty("args").GetProperty("name").GetString()!)];
        Assert.Superset(new HashSet<string> { "passatk", "sampling", "cpu worker 1", "run writer", "grader 1" }, tracks.ToHashSet());
        string[] spans = [.. Names(trace, "X", item => item.GetProperty("name").GetString()!)];
        Assert.Superset(
            new HashSet<string> { "step", "plan", "qkv", "attention", "sampling", "commit", "hand over", "store", "grade" },
            spans.ToHashSet());
        Assert.Equal(
            ["branches", "cache blocks", "rows", "tokens"], Names(trace, "C", item => item.GetProperty("name").GetString()!).Order());
    }

    [Fact]
    public void The_trace_of_a_killed_run_is_whole_but_for_its_closing_bracket()
    {
        using var process = Passatk.Start(_folder.Path, Run(4000));
        while (!File.Exists(_folder.File("trace.json")) || new FileInfo(_folder.File("trace.json")).Length < 100_000)
            Assert.False(process.WaitForExit(5), "the run ended before it could be killed");
        process.Kill();
        process.WaitForExit();
        using var trace = JsonDocument.Parse(File.ReadAllText(_folder.File("trace.json")) + "]");
        Assert.Contains("commit", Names(trace, "X", item => item.GetProperty("name").GetString()!));
    }

    [Fact]
    public void Tracing_changes_no_stored_byte()
    {
        Passatk.Output(_folder.Path, Run(16));
        Passatk.Output(_folder.Path, [.. Run(16).Where(
            argument => !argument.StartsWith("--trace", StringComparison.Ordinal) && argument != "trace.json")
            .Select(argument => argument == "traced" ? "plain" : argument)]);
        Assert.Equal(Passatk.Output(_folder.Path, "export", "plain"), Passatk.Output(_folder.Path, "export", "traced"));
    }

    private static HashSet<string> Names(JsonDocument trace, string kind, Func<JsonElement, string> name) =>
        [.. trace.RootElement.EnumerateArray().Where(item => item.GetProperty("ph").GetString() == kind).Select(name)];
}
