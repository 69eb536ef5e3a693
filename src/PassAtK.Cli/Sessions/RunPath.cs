namespace PassAtK.Cli.Sessions;

/// <summary>Where runs are kept.</summary>
internal static class RunPath
{
    private const string Extension = ".passatk";

    /// <summary>Where `--out` puts a run: the path with the extension where it lacks it; a bare name means a file in `runs`.</summary>
    public static string Named(string name)
    {
        var file = name.EndsWith(Extension, StringComparison.Ordinal) ? name : name + Extension;
        return Path.GetFileName(name) == name && file != name ? Path.Combine("runs", file) : file;
    }

    /// <summary>
    /// The run that an argument names: the path as it is where there is such a file, else where `--out` would have put it.
    /// </summary>
    public static string Existing(string name) => File.Exists(name) || !File.Exists(Named(name)) ? name : Named(name);

    /// <summary>`runs/MODEL-TASK.passatk`.</summary>
    public static string Default(string modelFolder, string taskSpec)
    {
        var model = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(modelFolder)));
        var task = Path.GetFileNameWithoutExtension(taskSpec.Split(':', 2)[^1]);
        return InRuns($"{model}-{task}");
    }

    /// <summary>A path as a person would type it: relative where it lies below the current folder.</summary>
    public static string Typed(string path)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return Path.IsPathRooted(path) && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : path;
    }

    public static string InRuns(string name) => Path.Combine("runs", name + Extension);
}
