using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

public class AdaptiveRunTests
{
    private static string[] RunArguments(string store, params string[] more) =>
    [
        "run", "--model", Passatk.RlModel, "--task", Passatk.CountdownTask, "--limit", "24", "--samples", "400", "--temperature", "1",
        "--top-p", "1", "--threads", "1", "--quiet", "--out", store, .. more,
    ];

    [Fact]
    public void An_adaptive_run_that_is_killed_ends_as_one_that_was_not_and_reports_what_it_reached()
    {
        string[] adaptive = ["--adaptive", "--target-width", "0.04", "--at", "2", "--json"];
        using var folder = new TemporaryFolder();
        var report = JsonDocument.Parse(Passatk.Output(folder.Path, RunArguments("whole.passatk", adaptive))).RootElement;
        var expected = Passatk.Output(folder.Path, "export", "whole.passatk");

        var random = new Random(8);
        var cut = 0;
        for (var kill = 0; kill < 6; kill++)
        {
            using var process = Passatk.Start(folder.Path, RunArguments("killed.passatk", adaptive));
            var lines = random.Next(expected.Count(character => character == '\n'));
            while (!process.WaitForExit(20) && Stored(folder) < lines)
            {
            }
            if (!process.HasExited)
            {
                process.Kill();
                cut++;
            }
            process.WaitForExit();
        }
        Passatk.Output(folder.Path, RunArguments("killed.passatk", adaptive));
        Assert.InRange(cut, 1, 6);
        Assert.Equal(expected, Passatk.Output(folder.Path, "export", "killed.passatk"));

        var reached = report.GetProperty("adaptive");
        Assert.Equal(2, reached.GetProperty("k").GetInt32());
        Assert.InRange(reached.GetProperty("width").GetDouble(), 0.02, 0.05);
        Assert.Equal(expected.Count(character => character == '\n'), reached.GetProperty("samplesSpent").GetInt32());
        Assert.InRange(reached.GetProperty("uniformSamples").GetInt32(), 24 * 4, 24 * 400);
        // The pilot's samples are spent but not counted.
        Assert.Equal(
            reached.GetProperty("samplesSpent").GetInt32() - (24 * reached.GetProperty("pilot").GetInt32()),
            report.GetProperty("samplesTotal").GetInt32());
        using var audit = JsonDocument.Parse(Passatk.Output(folder.Path, "audit", "whole.passatk", "--json"));
        Assert.Equal(report.GetProperty("samplesTotal").GetInt32(), audit.RootElement.GetProperty("samples").GetInt32());
        Assert.Equal(24 * reached.GetProperty("pilot").GetInt32(), audit.RootElement.GetProperty("pilot").GetInt32());
        using var score = JsonDocument.Parse(
            Passatk.Output(folder.Path, "score", "whole.passatk", "--model", Passatk.BaseModel, "--quiet", "--json"));
        Assert.Equal(
            report.GetProperty("samplesTotal").GetInt32(), score.RootElement.GetProperty("all").GetProperty("samples").GetInt32());

        var plain = Passatk.Run(folder.Path, RunArguments("whole.passatk"));
        Assert.Equal(1, plain.ExitCode);
        Assert.Contains("adaptive is none, but the run was made with pass@2 with a pilot of 16", plain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adaptive_run_that_ends_at_the_most_samples_says_so_and_its_pilot_is_among_them()
    {
        using var folder = new TemporaryFolder();
        string[] run = [.. RunArguments("most.passatk", "--limit", "4", "--adaptive", "--target-width", "0.001", "--pilot", "8")
            .Select(argument => argument == "400" ? "20" : argument)];
        // The last --limit would be the second one.
        run = [.. run.Where((_, at) => at is not (5 or 6))];
        var told = Passatk.Run(folder.Path, run);
        Assert.True(told.ExitCode == 0, told.Error);
        Assert.Contains(
            "Stopped at --samples 20, the most of a problem, before the interval was as narrow as wanted", told.Error,
            StringComparison.Ordinal);
        Assert.Equal(4 * 20, Passatk.Output(folder.Path, "export", "most.passatk").Count(character => character == '\n'));

        var wide = Passatk.Run(
            folder.Path,
            [.. run.Select(argument => argument switch { "0.001" => "0.9", "most.passatk" => "wide.passatk", _ => argument })]);
        Assert.DoesNotContain("Stopped at", wide.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--adaptive needs --target-width", "--adaptive")]
    [InlineData(2, "--target-width is given without --adaptive", "--target-width", "0.1")]
    [InlineData(2, "target width is 2", "--adaptive", "--target-width", "2")]
    [InlineData(2, "at least 816", "--adaptive", "--target-width", "0.1", "--at", "400", "--pilot", "16")]
    public void Options_that_cannot_be_are_refused_before_anything_is_made(int exitCode, string reason, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var result = Passatk.Run(folder.Path, RunArguments("none.passatk", options));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("none.passatk")));
    }

    private static int Stored(TemporaryFolder folder) => File.Exists(folder.File("killed.passatk"))
        ? Passatk.Run(folder.Path, "export", "killed.passatk").Output.Count(character => character == '\n')
        : 0;
}
