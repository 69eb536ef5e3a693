using System.Diagnostics;

namespace PassAtK.Cli.Rendering;

/// <summary>Most memory that this process had resident so far.</summary>
internal static class PeakMemory
{
    public static long Bytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
