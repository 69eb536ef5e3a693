using PassAtK.Cli.Sessions;
using PassAtK.Engine;

namespace PassAtK.Cli;

/// <summary>Files and folders that options name for results; each refusal names its option.</summary>
internal static class OutputFile
{
    /// <summary>Refuses before any work what cannot become a file, and to write over a run.</summary>
    /// <exception cref="InputException">The path is a folder or a run, or its folder is not there.</exception>
    public static void Require(string option, string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"{option} is '{path}', which is a folder, expected a file.");
        if (HoldsRun(path))
            throw new InputException($"{option} is '{path}', which is a run and would be lost, expected another file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder || Directory.Exists(folder))
            return;
        throw new InputException(File.Exists(folder)
            ? $"{option} is '{path}', but '{folder}' is a file, expected a folder."
            : $"{option} is '{path}', but there is no folder '{folder}'.");
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

    /// <summary>What is no plain file (/dev/stdout, say) has no length, and must not be read.</summary>
    private static bool HoldsRun(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > 0 } && RunFiles.IsRun(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Reason(Exception refused) => refused switch
    {
        UnauthorizedAccessException => "this user may not",
        DirectoryNotFoundException or FileNotFoundException => "the system makes no file there",
        // ENOSPC of Linux and macOS.
        { HResult: 28 } => "the disk is full",
        _ => refused.Message.TrimEnd('.'),
    };
}
