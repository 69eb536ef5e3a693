using PassAtK.Engine;

namespace PassAtK.Cli;

/// <summary>Files and folders that options name for results; each refusal names its option.</summary>
internal static class OutputFile
{
    /// <summary>Refuses before any work what cannot become a file.</summary>
    /// <exception cref="InputException">The path is a folder, or its folder is not there.</exception>
    public static void Require(string option, string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{option} is '{path}', which is a folder, expected a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new InputException($"{option} is '{path}', but there is no folder '{folder}'.");
    }

    /// <summary>Refuses before any work what cannot become a folder of files.</summary>
    /// <exception cref="InputException">The path is a file.</exception>
    public static void RequireFolder(string option, string path)
    {
        if (File.Exists(path))
            throw new InputException($"{option} is '{path}', which is a file, expected a folder.");
    }

    /// <summary>Runs what writes to the path.</summary>
    /// <exception cref="InputException">The system refuses to write there.</exception>
    public static void Write(string option, string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option} is '{path}', where nothing can be written: {Reason(refused)}.", refused);
        }
    }

    private static string Reason(Exception refused) => refused switch
    {
        UnauthorizedAccessException => "this user may not",
        DirectoryNotFoundException or FileNotFoundException => "a folder on the way is not there",
        // ENOSPC of Linux and macOS.
        { HResult: 28 } => "the disk is full",
        _ => refused.Message.TrimEnd('.'),
    };
}
