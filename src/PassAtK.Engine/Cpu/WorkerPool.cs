using System.Runtime.ExceptionServices;
using PassAtK.Engine.Tracing;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Threads for fork and join at a fraction of a microsecond. Idle workers spin briefly, then park. Items are claimed one at a time by
/// compare-and-swap; the calling thread works too, and waits for the items, not for the threads: a worker that the system has put aside
/// delays nobody. One caller at a time.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforeParking = 4000;
    private const int SpinsBeforeYielding = 4000;

    private readonly Lock _starting = new();
    private readonly object _parking = new();
    private readonly Thread[] _threads;

    // High half: number of the fork. Low half: items of it not yet claimed. What a worker reads of the other fields after a successful
    // claim belongs to that fork, since the fork cannot end before its items have.
    private long _ticket;
    private int _count;
    private Action<int, int>? _body;
    private int _unfinished;
    private ExceptionDispatchInfo? _failure;
    private int _parked;
    private volatile bool _stopping;

    /// <param name="workers">Threads that work on a fork, the calling one included, at least one.</param>
    /// <param name="tracer">Gets a track for each thread besides the caller's, where it wants them.</param>
    public WorkerPool(int workers, Tracer? tracer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        _threads = new Thread[workers - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            var track = tracer is { ShowsWorkers: true } ? tracer.Track($"cpu worker {worker}") : null;
            _threads[i] = new Thread(() => Serve(worker, track)) { IsBackground = true, Name = $"cpu worker {worker}" };
            _threads[i].Start();
        }
    }

    public int Workers { get; }

    /// <summary>
    /// Calls `body(item, worker)` for items 0 to count - 1 in any order, each once; worker, in [0, <see cref="Workers"/>), is the
    /// caller's own while it runs. Returns when all have ended; rethrows the first exception.
    /// </summary>
    public void Run(int count, Action<int, int> body)
    {
        if (_threads.Length == 0 || count <= 1)
        {
            for (var item = 0; item < count; item++)
                body(item, 0);
            return;
        }
        if (_starting.IsHeldByCurrentThread || !_starting.TryEnter())
            throw new InvalidOperationException("The worker pool already runs a fork.");
        try
        {
            _count = count;
            _body = body;
            _failure = null;
            Volatile.Write(ref _unfinished, count);
            Interlocked.Exchange(ref _ticket, (((_ticket >> 32) + 1) << 32) | (uint)count);
            if (Volatile.Read(ref _parked) > 0)
                WakeAll();
            while (WorkOnce(0))
            {
            }
            WaitForTheOthers();
            _failure?.Throw();
        }
        finally
        {
            _starting.Exit();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        WakeAll();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Serve(int worker, TraceTrack? track)
    {
        var spins = 0;
        // A span lasts from the first item of a fork to the first look that finds none.
        var (busySince, items) = (0L, 0);
        while (!_stopping)
        {
            var now = track?.Now ?? 0;
            if (WorkOnce(worker))
            {
                busySince = items++ == 0 ? now : busySince;
                spins = 0;
                continue;
            }
            if (items > 0)
                track?.End(SpanName.Work, busySince, items);
            items = 0;
            if (++spins < SpinsBeforeParking)
                Thread.SpinWait(1);
            else
            {
                Park();
                spins = 0;
            }
        }
    }

    private bool WorkOnce(int worker)
    {
        var ticket = Volatile.Read(ref _ticket);
        var left = (uint)ticket;
        if (left == 0)
            return false;
        if (Interlocked.CompareExchange(ref _ticket, ticket - 1, ticket) != ticket)
            return true;
        try
        {
            _body!(_count - (int)left, worker);
        }
#pragma warning disable CA1031 // Whatever it is, the caller gets it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
        }
        Interlocked.Decrement(ref _unfinished);
        return true;
    }

    private void WaitForTheOthers()
    {
        for (var spins = 0; Volatile.Read(ref _unfinished) != 0; spins++)
        {
            if (spins < SpinsBeforeYielding)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }
    }

    private void Park()
    {
        lock (_parking)
        {
            // Announce first, look again second; Run publishes first, looks for parked workers second. One of the two sees the other.
            Interlocked.Increment(ref _parked);
            if ((uint)Volatile.Read(ref _ticket) == 0 && !_stopping)
                Monitor.Wait(_parking);
            else
                _parked--;
        }
    }

    private void WakeAll()
    {
        lock (_parking)
        {
            _parked = 0;
            Monitor.PulseAll(_parking);
        }
    }
}
