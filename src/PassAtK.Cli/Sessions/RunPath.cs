using PassAtK.Engine;

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

    /// <summary>As <see cref="Existing"/>, of a file that has to be there.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="expected">What kind of file is expected, as a sentence goes on.</param>
    /// <exception cref="InputException">There is no such file, or a folder.</exception>
    public static string Required(string name, string expected = "a run")
    {
        var path = Existing(name);
        if (File.Exists(path))
            return path;
        var found = Directory.Exists(path) ? "this is a folder"
            : Named(name) == name ? "there is no such file" : $"there is no such file, nor {Named(name)}";
        throw new InputException($"{path}: {found}, expected {expected}.");
    }

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
