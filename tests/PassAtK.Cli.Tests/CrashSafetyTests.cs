using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

public class CrashSafetyTests
{
    private static string[] RunArguments(string store, int samples = 48) =>
    [
        "run", "--model", Passatk.BaseModel, "--task", Passatk.CountdownTask, "--limit", "60", "--samples", $"{samples}", "--temperature", "1",
        "--top-p", "1", "--threads", "1", "--batch", "16", "--quiet", "--out", store,
    ];

    [Fact]
    public void A_run_killed_at_twenty_random_moments_exports_the_bytes_of_an_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        Passatk.Output(folder.Path, RunArguments("whole.passatk"));
        var duration = clock.Elapsed;
        var expected = Passatk.Output(folder.Path, "export", "whole.passatk");
        Assert.Equal(60 * 48, expected.Count(character => character == '\n'));

        var random = new Random(20);
        var kills = 0;
        var cutInTheMiddle = 0;
        while (kills < 20)
        {
            using var process = Passatk.Start(folder.Path, RunArguments("killed.passatk"));
            if (!process.WaitForExit(duration * (0.02 + (0.5 * random.NextDouble()))))
            {
                process.Kill();
                process.WaitForExit();
                kills++;
                var stored = Passatk.Run(folder.Path, "export", "killed.passatk").Output.Count(character => character == '\n');
                cutInTheMiddle += stored is > 0 and < 60 * 48 ? 1 : 0;
                continue;
            }
            // Finished before the kill: that store is done, the remaining kills hit a new one.
            Assert.Equal(0, process.ExitCode);
            Assert.Equal(expected, Passatk.Output(folder.Path, "export", "killed.passatk"));
            File.Delete(folder.File("killed.passatk"));
        }
        Assert.InRange(cutInTheMiddle, 1, 20);
        Passatk.Output(folder.Path, RunArguments("killed.passatk"));
        Assert.Equal(expected, Passatk.Output(folder.Path, "export", "killed.passatk"));
    }

    [Fact]
    public void A_second_process_on_one_run_is_refused_and_harms_nothing()
    {
        using var folder = new TemporaryFolder();
        using var first = StartLongRun(folder);
        var second = Passatk.Run(folder.Path, RunArguments("long.passatk", samples: 4000));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("long.passatk", second.Error, StringComparison.Ordinal);
        Assert.Contains("another process", second.Error, StringComparison.Ordinal);
        Assert.Equal(130, Interrupt(first).ExitCode);
        Assert.NotEmpty(ExportedSamples(folder, "long.passatk"));

        // A stopped problem has the samples that finished first, which a report must not take for a random subset.
        var report = Passatk.Run(folder.Path, "report", "long.passatk");
        Assert.Contains(
            report.ExitCode == 0 ? "unfinished problem" : "no problem has all its samples yet", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_stores_what_is_finished_and_says_how_to_go_on()
    {
        using var folder = new TemporaryFolder();
        using var process = StartLongRun(folder);
        var result = Interrupt(process);
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("Run the same command again to go on", result.Error, StringComparison.Ordinal);
        // What it stored are samples of the whole run: a smaller run of the same problems draws the same ones. Verdicts may be missing yet.
        var stored = ExportedSamples(folder, "long.passatk");
        Passatk.Output(folder.Path, RunArguments("small.passatk"));
        var small = ExportedSamples(folder, "small.passatk");
        Assert.NotEmpty(stored.Keys.Intersect(small.Keys));
        foreach (var key in stored.Keys.Intersect(small.Keys))
            Assert.Equal(small[key], stored[key]);
    }

    /// <summary>By problem and index: the exported line up to its verdict.</summary>
    private static Dictionary<(string?, int), string> ExportedSamples(TemporaryFolder folder, string store) =>
        Passatk.Output(folder.Path, "export", store).TrimEnd('\n').Split('\n').ToDictionary(
            line =>
            {
                var sample = JsonDocument.Parse(line).RootElement;
                return (sample.GetProperty("problem").GetString(), sample.GetProperty("index").GetInt32());
            },
            line => line[..line.LastIndexOf(",\"correct\":", StringComparison.Ordinal)]);

    /// <summary>A run that would take minutes, once its first samples are stored.</summary>
    private static Process StartLongRun(TemporaryFolder folder)
    {
        // Interrupts that a parent ignores (a shell does for what it starts in the background) reach none of its children.
        var ignored = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        if ((ulong.Parse(ignored.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0)
            Assert.Skip("needs a shell that does not ignore interrupts");
        var process = Passatk.Start(folder.Path, RunArguments("long.passatk", samples: 4000));
        while (!File.Exists(folder.File("long.passatk")) || Passatk.Run(folder.Path, "export", "long.passatk") is not { ExitCode: 0, Output.Length: > 0 })
            Assert.False(process.HasExited, "the run ended before it could be watched");
        return process;
    }

    private static ProcessResult Interrupt(Process process)
    {
        using var interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        interrupt.WaitForExit();
        return Passatk.Finish(process);
    }
}
