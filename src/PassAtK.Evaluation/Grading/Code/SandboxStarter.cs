using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// Starts sandboxes. All of them from one thread that lives as long as this object: the kernel kills a sandbox when the thread that
/// started it ends, which is what takes them down with a grader that is killed.
/// </summary>
internal sealed class SandboxStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Command, TaskCompletionSource<Process> Started)> _orders = [];
    private readonly List<FileStream> _filters = [];
    private readonly Thread _thread;
    private readonly string _bubblewrap;
    private readonly bool _sizesFiles;
    private readonly string _programFilter;
    private readonly string _testerFilter;
    private readonly string _program = Script("candidate.py");
    private readonly string _tester = Script("tester.py");

    /// <exception cref="InputException">There is no bubblewrap here.</exception>
    public SandboxStarter(CodeLimits limits)
    {
        Limits = limits;
        _bubblewrap = Bubblewrap.Find(Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin");
        _sizesFiles = Bubblewrap.SizesFiles(_bubblewrap);
        _programFilter = FilterFile(processes: false);
        _testerFilter = FilterFile(processes: true);
        _thread = new Thread(Work) { Name = "sandbox starter", IsBackground = true };
        _thread.Start();
    }

    public CodeLimits Limits { get; }

    /// <summary>Begins to start a sandbox that waits for one program and calls into it. It cannot make processes.</summary>
    public StartingSandbox StartProgram() =>
        Start(_programFilter, _program, Limits.Memory, Seconds(Limits.Time * 2), Limits.FileSize);

    /// <summary>Begins to start a sandbox that runs tests, a process for each problem.</summary>
    public StartingSandbox StartTester() => Start(_testerFilter, _tester, 2 * Limits.Memory, Seconds(Limits.Time * 2));

    public void Dispose()
    {
        _orders.CompleteAdding();
        _thread.Join();
        _orders.Dispose();
        foreach (var filter in _filters)
            filter.Dispose();
    }

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds) + 1;

    private static string Script(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private StartingSandbox Start(string filter, string script, params long[] arguments)
    {
        var command = Bubblewrap.Command(
            _bubblewrap, _sizesFiles, Limits.TemporarySpace, filter, script, arguments.Select(argument => $"{argument}"));
        var started = new TaskCompletionSource<Process>();
        _orders.Add((command, started));
        return new StartingSandbox(started.Task, Limits.FileSize);
    }

    private void Work()
    {
        foreach (var (command, started) in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(command)!);
            }
            catch (Exception cause) when (cause is Win32Exception or IOException)
            {
                started.SetException(new SandboxException($"/bin/sh did not start: {cause.Message}"));
            }
        }
    }

    /// <summary>The filter as a file without a name in the end: it goes when the process ends, however it ends.</summary>
    private string FilterFile(bool processes)
    {
        var file = File.Create(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), 1, FileOptions.DeleteOnClose);
        file.Write(SeccompFilter.Build(SeccompFilter.Native!, processes));
        file.Flush();
        _filters.Add(file);
        return file.Name;
    }
}
