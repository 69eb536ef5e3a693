using System.Diagnostics;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>What a finished process said.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error);

/// <summary>
/// Runs the real program in a process of its own: the one built beside the tests, or the one that PASSATK_PROGRAM names (a natively
/// compiled one, say).
/// </summary>
internal static class Passatk
{
    public static string Program { get; } =
        Environment.GetEnvironmentVariable("PASSATK_PROGRAM") is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "passatk");

    public static string Models => RepositoryPaths.InRepository("models");

    public static string BaseModel => Path.Combine(Models, "countdown-base");

    public static string RlModel => Path.Combine(Models, "countdown-rl");

    public static string CountdownTask => $"countdown:{Path.Combine(Models, "countdown_problems.jsonl")}";

    /// <summary>Starts it on a machine without a GPU: one that is there is hidden.</summary>
    public static Process Start(string folder, params string[] arguments)
    {
        var start = Described(folder, arguments);
        start.Environment.Remove("PASSATK_CUDA_LIBRARIES");
        start.Environment["CUDA_VISIBLE_DEVICES"] = "-1";
        return Process.Start(start)!;
    }

    /// <summary>Runs it with the device that <see cref="SimtDevice.Require"/> has set up for this process.</summary>
    public static ProcessResult RunOnDevice(string folder, params string[] arguments)
    {
        using var process = Process.Start(Described(folder, arguments))!;
        return Finish(process);
    }

    /// <summary>Runs on the device and expects success; returns standard output.</summary>
    public static string OutputOnDevice(string folder, params string[] arguments) => Output(RunOnDevice(folder, arguments), arguments);

    private static ProcessStartInfo Described(string folder, string[] arguments) =>
        new(Program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

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
    public static string Output(string folder, params string[] arguments) => Output(Run(folder, arguments), arguments);

    private static string Output(ProcessResult result, string[] arguments)
    {
        Assert.True(result.ExitCode == 0, $"passatk {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}");
        return result.Output;
    }
}
