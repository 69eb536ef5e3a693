namespace PassAtK.Cli.Sessions;

/// <summary>What the runs of a comparison are called.</summary>
internal static class RunNames
{
    /// <summary>
    /// The files' names without extension; of different files with one name, with as many of the folders above as tell them apart; and a
    /// file that is given twice also with its place on the command line.
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
