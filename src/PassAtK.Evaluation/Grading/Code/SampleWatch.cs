using System.Collections.Concurrent;
using System.Diagnostics;

namespace PassAtK.Evaluation.Grading.Code;

/// <summary>The thread that winds the clocks of all samples under way.</summary>
internal sealed class SampleWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<SampleClock, long> _started = new();
    private readonly ManualResetEventSlim _disposed = new();
    private readonly Thread _thread;

    public SampleWatch()
    {
        _thread = new Thread(Work) { Name = "sample watch", IsBackground = true };
        _thread.Start();
    }

    public void Start(SampleClock clock) => _started[clock] = Stopwatch.GetTimestamp();

    public void Stop(SampleClock clock)
    {
        clock.Stop();
        _started.TryRemove(clock, out _);
    }

    public void Dispose()
    {
        _disposed.Set();
        _thread.Join();
        _disposed.Dispose();
    }

    private void Work()
    {
        var last = Stopwatch.GetTimestamp();
        while (!_disposed.Wait(Interval))
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var (clock, start) in _started)
                clock.Tick(Stopwatch.GetElapsedTime(Math.Max(last, start), now));
            last = now;
        }
    }
}
