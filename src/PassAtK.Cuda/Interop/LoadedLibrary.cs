using System.Globalization;

namespace PassAtK.Cuda.Interop;

/// <summary>
/// Where a library that is loaded lies on disk: the loader tells nothing of the kind for one that it found by its bare name.
/// </summary>
internal static class LoadedLibrary
{
    /// <summary>
    /// The file that holds an address of a loaded library, links resolved; null where the system does not tell (it has no /proc).
    /// </summary>
    public static string? PathAt(nint address)
    {
        try
        {
            return PathAt(File.ReadLines("/proc/self/maps"), (ulong)address);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The path in the line of /proc/PID/maps ("first-end rights offset device inode path", addresses in hexadecimal) that holds the
    /// address.
    /// </summary>
    public static string? PathAt(IEnumerable<string> maps, ulong address)
    {
        foreach (var line in maps)
        {
            if (!Holds(line, address))
                continue;
            var path = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries) is { Length: 6 } fields ? fields[5].Trim() : "";
            return path.StartsWith('/') ? path : null;
        }
        return null;
    }

    private static bool Holds(string line, ulong address)
    {
        var range = line.AsSpan(0, Math.Max(0, line.IndexOf(' ', StringComparison.Ordinal)));
        var dash = range.IndexOf('-');
        return dash > 0
            && ulong.TryParse(range[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var first)
            && ulong.TryParse(range[(dash + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end)
            && first <= address && address < end;
    }
}
