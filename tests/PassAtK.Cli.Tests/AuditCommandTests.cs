using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

public sealed class AuditCommandTests
{
    [Fact]
    public void A_run_is_graded_again_by_another_grader_beside_the_first_and_the_audit_compares_them()
    {
        using var folder = new TemporaryFolder();
        // The base model answers in steps; what its last line says is another number for each grader.
        File.WriteAllLines(folder.File("task.jsonl"),
        [
            """{"id":"a","prompt":"3 4>12:","answer":"12"}""",
            """{"id":"b","prompt":"5 6>30:","answer":"5*6=30"}""",
        ]);
        Passatk.Output(
            folder.Path, "run", "--model", Passatk.BaseModel, "--task", "task.jsonl", "--grader", "math", "--samples", "8", "--quiet",
            "--out", "m");
        using var before = Json(folder, "report", "m");
        Passatk.Output(folder.Path, "grade", "m", "--grader", "math-strict");
        Passatk.Output(folder.Path, "grade", "m", "--grader", "exact");

        // The first verdicts are still there.
        using var after = Json(folder, "report", "m", "--grader", "math");
        Assert.Equal(before.RootElement.GetRawText(), after.RootElement.GetRawText());
        Assert.Equal(after.RootElement.GetProperty("passAtK")[0].ToString(), after.RootElement.GetProperty("majAtK")[0].ToString());

        using var audit = Json(folder, "audit", "m", "--grader", "math");
        Assert.Equal(["exact", "math-strict"], Names(audit));
        Assert.Equal(16, audit.RootElement.GetProperty("samples").GetInt64());
        foreach (var other in audit.RootElement.GetProperty("against").EnumerateArray())
        {
            string[] names = ["bothCorrect", "onlyCorrect", "onlyAgainstCorrect", "bothWrong"];
            Assert.Equal(16, names.Sum(name => other.GetProperty(name).GetInt64()));
        }
        using var one = Json(folder, "audit", "m", "--grader", "math", "--against", "math-strict");
        Assert.Equal(["math-strict"], Names(one));

        foreach (var (exitCode, named, arguments) in new[]
        {
            (1, "choose one with --grader", Array.Empty<string>()),
            (1, "--against is 'gsm8k'", ["--grader", "math", "--against", "gsm8k"]),
            (1, "--against names math", ["--grader", "math", "--against", "math@" + Version(audit)]),
            (2, "--examples is -1", ["--grader", "math", "--examples", "-1"]),
        })
        {
            var refused = Passatk.Run(folder.Path, ["audit", "m", .. arguments]);
            Assert.Equal(exitCode, refused.ExitCode);
            Assert.Contains(named, refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_audit_of_a_sampled_run_accuses_no_stream_and_tells_the_models_own_endings()
    {
        using var folder = new TemporaryFolder();
        Passatk.Output(
            folder.Path, "run", "--model", Passatk.BaseModel, "--task", Passatk.CountdownTask, "--limit", "12", "--samples", "32",
            "--quiet", "--temperature", "1", "--top-p", "1", "--max-tokens", "24", "--out", "c");
        using var audit = Json(folder, "audit", "c");
        var root = audit.RootElement;
        var duplicates = root.GetProperty("duplicates");
        Assert.Equal(0, duplicates.GetProperty("repeats").GetInt64());
        Assert.Equal(0, duplicates.GetProperty("indices").GetArrayLength());
        // Traces are ways, not values: there is no majority to hold against a gold.
        Assert.Equal(JsonValueKind.Null, root.GetProperty("golds").ValueKind);
        var endings = root.GetProperty("cut").GetProperty("endings");
        string[] kinds = ["length", "stopText", "endOfSequence"];
        Assert.Equal(12 * 32, kinds.Sum(kind => endings.GetProperty(kind).GetInt64()));
        Assert.True(endings.GetProperty("length").GetInt64() > 0);
        Assert.Contains("by the model itself", Passatk.Output(folder.Path, "audit", "c"), StringComparison.Ordinal);
        using var report = Json(folder, "report", "c");
        Assert.Equal(JsonValueKind.Null, report.RootElement.GetProperty("majAtK").ValueKind);
    }

    private static JsonDocument Json(TemporaryFolder folder, params string[] arguments) =>
        JsonDocument.Parse(Passatk.Output(folder.Path, [.. arguments, "--json"]));

    private static IEnumerable<string?> Names(JsonDocument audit) =>
        audit.RootElement.GetProperty("against").EnumerateArray()
            .Select(other => other.GetProperty("against").GetProperty("name").GetString());

    private static string Version(JsonDocument audit) => audit.RootElement.GetProperty("grader").GetProperty("version").GetRawText();
}
