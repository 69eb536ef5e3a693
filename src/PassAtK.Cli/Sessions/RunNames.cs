namespace PassAtK.Cli.Sessions;

/// <summary>What the runs of a comparison are called.</summary>
internal static class RunNames
{
    /// <summary>
    /// The files' names without extension; where two are the same, with as many of the folders above them as tell them apart, and one file that
    /// is given twice with its place on the command line.
    /// </summary>
    public static string[] Distinct(IReadOnlyList<string> paths)
    {
        string[][] parts = [.. paths.Select(Parts)];
        string[] names = [.. parts.Select(all => all[^1])];
        for (var depth = 2; depth <= parts.Max(all => all.Length) && HasRepeated(names); depth++)
        {
            var repeated = names.CountBy(name => name).Where(entry => entry.Value > 1).Select(entry => entry.Key).ToHashSet();
            names = [.. names.Select((name, run) =>
                repeated.Contains(name) ? string.Join('/', parts[run].TakeLast(depth)) : name)];
        }
        if (!HasRepeated(names))
            return names;
        var known = names.CountBy(name => name).ToDictionary();
        return [.. names.Select((name, run) => known[name] > 1 ? $"{name} ({run + 1})" : name)];
    }

    private static bool HasRepeated(string[] names) => names.Distinct().Count() < names.Length;

    private static string[] Parts(string path)
    {
        var full = Path.GetFullPath(path);
        return [.. (Path.GetDirectoryName(full) ?? "").Split(Path.DirectorySeparatorChar), Path.GetFileNameWithoutExtension(full)];
    }
}
