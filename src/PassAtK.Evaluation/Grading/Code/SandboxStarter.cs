using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// Starts sandboxes. All of them from one thread that lives as long as this object: the kernel kills a sandbox when the thread that
/// started it ends, which is what takes them down with a grader that is killed.
/// </summary>
internal sealed class SandboxStarter : IDisposable
{
    private readonly BlockingCollection<TaskCompletionSource<Process>> _orders = [];
    private readonly ProcessStartInfo _command;
    private readonly Thread _thread;

    /// <param name="limits">What a program may use.</param>
    /// <param name="searchPath">Where to look for bubblewrap: folders separated by colons.</param>
    /// <exception cref="InputException">There is no bubblewrap here.</exception>
    public SandboxStarter(CodeLimits limits, string searchPath)
    {
        Limits = limits;
        var seconds = (long)Math.Ceiling(2 * limits.Time.TotalSeconds) + 1;
        long[] most = [limits.Memory, seconds, limits.FileSize, limits.TemporarySpace, limits.Calls];
        _command = Bubblewrap.Command(
            Bubblewrap.Find(searchPath), Script("forkserver.py"),
            [
                Script("candidate.py"), Script("tester.py"), Convert.ToHexString(SeccompFilter.Build(SeccompFilter.Native!)),
                .. most.Select(limit => limit.ToString(CultureInfo.InvariantCulture)),
            ]);
        _thread = new Thread(Work) { Name = "sandbox starter", IsBackground = true };
        _thread.Start();
    }

    public CodeLimits Limits { get; }

    /// <exception cref="SandboxException">Its process did not start.</exception>
    public Sandbox Start()
    {
        var started = new TaskCompletionSource<Process>();
        _orders.Add(started);
        return new Sandbox(started.Task.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        _orders.CompleteAdding();
        _thread.Join();
        _orders.Dispose();
    }

    private static string Script(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private void Work()
    {
        foreach (var started in _orders.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(_command)!);
            }
            catch (Exception cause) when (cause is Win32Exception or IOException)
            {
                started.SetException(new SandboxException($"/bin/sh did not start: {cause.Message}"));
            }
        }
    }
}
