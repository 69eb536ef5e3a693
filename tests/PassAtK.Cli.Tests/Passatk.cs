using System.Diagnostics;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>What a finished process said.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error);

/// <summary>
/// Runs the real program in a process of its own: the one built beside the tests, or the one that PASSATK_PROGRAM names (a natively compiled
/// one, say).
/// </summary>
internal static class Passatk
{
    private static readonly string Program =
        Environment.GetEnvironmentVariable("PASSATK_PROGRAM") is { Length: > 0 } named ? named : Path.Combine(AppContext.BaseDirectory, "passatk");

    public static string Models => RepositoryPaths.InRepository("models");

    public static string BaseModel => Path.Combine(Models, "countdown-base");

    public static string RlModel => Path.Combine(Models, "countdown-rl");

    public static string CountdownTask => $"countdown:{Path.Combine(Models, "countdown_problems.jsonl")}";

    public static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    public static ProcessResult Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return Finish(process);
    }

    public static ProcessResult Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProcessResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Runs and expects success; returns standard output.</summary>
    public static string Output(string folder, params string[] arguments)
    {
        var result = Run(folder, arguments);
        Assert.True(result.ExitCode == 0, $"passatk {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}");
        return result.Output;
    }
}
