using System.Diagnostics;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// The command line of a sandbox: own user, process, network, IPC, host name and mount namespaces; /usr read-only and an empty folder /tmp
/// as all there is of files; no /proc; no environment but a fixed hash seed. Python has the one capability there that makes namespaces.
/// </summary>
internal static class Bubblewrap
{
    private const string Python = "/usr/bin/python3";

    /// <summary>
    /// The signals that a terminal sends to all of a command's processes are the grader's alone: a program that they ended would look as if
    /// it had ended itself.
    /// </summary>
    private const string Start = "trap '' HUP INT QUIT TERM; exec \"$0\" \"$@\"";

    private static readonly string[] SystemFolders = ["/bin", "/lib", "/lib64", "/lib32", "/sbin"];

    /// <summary>The program's path.</summary>
    /// <param name="searchPath">Folders to look in, separated by colons.</param>
    /// <exception cref="InputException">It or Python is not installed, or the system or processor is none it works on.</exception>
    public static string Find(string searchPath)
    {
        const string Why = "programs written by a model run in a sandbox only";
        if (!OperatingSystem.IsLinux() || SeccompFilter.Native is null)
            throw new InputException($"code grading needs Linux on x86-64 or arm64: {Why}.");
        var path = searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "bwrap"))
            .FirstOrDefault(File.Exists)
            ?? throw new InputException(
                $"code grading needs bubblewrap, which is not installed: {Why} (on Debian and Ubuntu: apt-get install bubblewrap).");
        return File.Exists(Python)
            ? path
            : throw new InputException($"code grading needs {Python}, which is not there (on Debian and Ubuntu: apt-get install python3).");
    }

    /// <param name="bubblewrap">Its path.</param>
    /// <param name="script">The Python program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Command(string bubblewrap, string script, IEnumerable<string> arguments)
    {
        List<string> command =
        [
            "-c", Start, bubblewrap,
            "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN",
            "--die-with-parent", "--new-session", "--as-pid-1",
            "--ro-bind", "/usr", "/usr",
        ];
        foreach (var folder in SystemFolders.Where(Directory.Exists))
        {
            command.AddRange(new DirectoryInfo(folder).LinkTarget is { } target
                ? ["--symlink", target, folder]
                : ["--ro-bind", folder, folder]);
        }
        command.AddRange(["--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/urandom", "/dev/urandom"]);
        command.AddRange(["--dir", "/tmp", "--remount-ro", "/", "--chdir", "/tmp", "--clearenv", "--setenv", "PYTHONHASHSEED", "0"]);
        command.AddRange(["--", Python, "-s", "-S", "-B", "-c", script, .. arguments]);
        return new ProcessStartInfo("/bin/sh", command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
    }
}
