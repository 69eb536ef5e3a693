namespace PassAtK.Cli;

/// <summary>Options that contradict each other or are missing; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
