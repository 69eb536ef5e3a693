using System.Security.Cryptography;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// The right to write to a run: an operating system lock on `RUN.lock` beside it, which ends with the process however that ends. It stands
/// beside the run because closing any handle of a file would drop SQLite's own locks on it.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    private StoreLock(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <exception cref="InputException">Another writer has the run, or the folder cannot be written to.</exception>
    public static StoreLock Take(string runPath)
    {
        var path = runPath + ".lock";
        while (true)
        {
            var stream = Open(runPath, path);
            if (IsStillAt(path, stream))
                return new StoreLock(path, stream);
            // The writer before us deleted the file after we had opened it: our lock is on a file that has no name any more.
            stream.Dispose();
        }
    }

    public void Dispose()
    {
        // Deleted while the lock is held; on Windows an open file cannot be, and the empty file stays.
        try
        {
            File.Delete(_path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
        }
        _stream.Dispose();
    }

    private static FileStream Open(string runPath, string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException cause) when (IsHeldByAnother(cause))
        {
            throw new InputException($"{runPath}: another process is writing to this run, expected one writer at a time.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written, expected a folder in which files can be made.", cause);
        }
    }

    /// <summary>EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsHeldByAnother(IOException cause) => cause.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <summary>
    /// Marks the locked file with a time of its own and looks for that under the path. Not by content: every way .NET opens a file asks
    /// for a lock.
    /// </summary>
    private static bool IsStillAt(string path, FileStream stream)
    {
        var mark = DateTime.UnixEpoch.AddSeconds(RandomNumberGenerator.GetInt32(int.MaxValue));
        File.SetLastWriteTimeUtc(stream.SafeFileHandle, mark);
        return OperatingSystem.IsWindows() || File.GetLastWriteTimeUtc(path) == mark;
    }
}
