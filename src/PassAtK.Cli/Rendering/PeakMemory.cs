using System.Diagnostics;

namespace PassAtK.Cli.Rendering;

/// <summary>Most memory that this process had resident so far.</summary>
internal static class PeakMemory
{
    public static long Bytes()
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        return process.PeakWorkingSet64;
    }

    /// <summary>
    /// Forgets what was resident before, where the system can (Linux: proc(5), clear_refs): elsewhere the peak stays what it was.
    /// </summary>
    public static void Restart()
    {
        try
        {
            if (OperatingSystem.IsLinux())
                File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not every container may.
        }
    }
}
