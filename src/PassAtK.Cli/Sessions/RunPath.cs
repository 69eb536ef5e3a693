namespace PassAtK.Cli.Sessions;

/// <summary>Where runs are kept.</summary>
internal static class RunPath
{
    private const string Extension = ".passatk";

    /// <summary>A path as given, with the extension where it has none; a bare name means a file in `runs`.</summary>
    public static string Named(string name)
    {
        var isBare = Path.GetFileName(name) == name;
        return Path.HasExtension(name) ? name : isBare ? InRuns(name) : name + Extension;
    }

    /// <summary>`runs/MODEL-TASK.passatk`.</summary>
    public static string Default(string modelFolder, string taskSpec)
    {
        var model = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(modelFolder)));
        var task = Path.GetFileNameWithoutExtension(taskSpec.Split(':', 2)[^1]);
        return InRuns($"{model}-{task}");
    }

    public static string InRuns(string name) => Path.Combine("runs", name + Extension);
}
