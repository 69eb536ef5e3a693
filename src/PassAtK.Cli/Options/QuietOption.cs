using System.CommandLine;

namespace PassAtK.Cli.Options;

/// <summary>`--quiet`, understood by every command; those that show no progress have nothing to leave out.</summary>
internal static class QuietOption
{
    public static Option<bool> Instance { get; } = new("--quiet") { Description = "No progress", Recursive = true };
}
