namespace PassAtK.Cli.Sessions;

/// <summary>What the runs of a comparison are called.</summary>
internal static class RunNames
{
    /// <summary>
    /// The files' names without folder and extension; where different files share one, as many of the folders above as tell them apart stand
    /// before it; files that only their extension tells apart, or that are given twice, have their place on the command line after it.
    /// </summary>
    public static string[] Distinct(IReadOnlyList<string> paths)
    {
        string[] full = [.. paths.Select(path => Path.ChangeExtension(Path.GetFullPath(path), null))];
        return [.. full.Select((path, run) => Shortest(path, full) + (full.Count(other => other == path) > 1 ? $" ({run + 1})" : ""))];
    }

    private static string Shortest(string path, string[] all)
    {
        var parts = path.Split(Path.DirectorySeparatorChar);
        return Enumerable.Range(1, parts.Length)
            .Select(kept => string.Join('/', parts.TakeLast(kept)))
            .First(name => all.All(other => other == path || !$"/{other}".EndsWith($"/{name}", StringComparison.Ordinal)) || name == path);
    }
}
