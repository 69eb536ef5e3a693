using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tracing;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>
/// The one thread that writes a session's samples and verdicts, a transaction for each batch. Sampling waits for it only when it falls
/// several batches behind; a stored sample is at most about half a second old.
/// </summary>
internal sealed class RunWriter : IDisposable
{
    private const int WaitingBatches = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CountsInterval = TimeSpan.FromMilliseconds(50);

    private readonly RunStore _store;
    private readonly IGrader _grader;
    private readonly GradingPool _pool;
    private readonly Action<RunProgress> _progress;
    private readonly BlockingCollection<SampleBatch> _sealed = new(WaitingBatches);
    private readonly CancellationTokenSource _failed = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _filling = new();
    private readonly Thread _thread;
    private readonly GradedCount _graded;
    private readonly TraceTrack? _track;
    private readonly TraceTrack? _samplingTrack;
    private SampleBatch _batch = new();
    private long _counted;
    private RunProgress _done;
    private Exception? _failure;

    public RunWriter(
        RunStore store, IGrader grader, GradingPool pool, RunProgress stored, Action<RunProgress> progress, Tracer? tracer = null)
    {
        _store = store;
        _grader = grader;
        _pool = pool;
        _progress = progress;
        _done = stored;
        _graded = new GradedCount(stored.Graded, stored.Correct);
        _track = tracer?.Track("run writer");
        _samplingTrack = tracer?.Track(Tracer.SamplingTrack);
        _thread = new Thread(Work) { Name = "run writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Cancelled when storing or grading failed: sampling on is of no use.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Tokens of the stored samples; ask after <see cref="Finish"/>.</summary>
    public long Tokens => _done.Tokens;

    /// <summary>Takes a sample over. Call from the sampling thread.</summary>
    /// <param name="problem">Position of its problem.</param>
    /// <param name="completion">The sample.</param>
    /// <param name="statistics">Asked for the engine's counts now and then.</param>
    public void Add(int problem, Completion completion, Func<SharingStatistics> statistics)
    {
        ThrowIfFailed();
        SampleBatch? full = null;
        lock (_filling)
        {
            _batch.Add(problem, completion);
            // Slow samples are taken by the writing thread, which cannot ask for the counts.
            if (Stopwatch.GetElapsedTime(_counted) >= CountsInterval)
                Count(_batch, statistics);
            if (_batch.IsFull)
                (full, _batch) = (_batch, new SampleBatch());
        }
        if (full is null)
            return;
        Count(full, statistics);
        Enqueue(full);
    }

    /// <summary>Stores what is left, with the final counts, and waits for it.</summary>
    /// <param name="statistics">The engine's counts.</param>
    /// <param name="finishGrading">Whether to wait for the verdicts of all posted completions.</param>
    public void Finish(SharingStatistics statistics, bool finishGrading)
    {
        SampleBatch last;
        lock (_filling)
            (last, _batch) = (_batch, new SampleBatch());
        last.Statistics = statistics;
        Enqueue(last);
        _sealed.CompleteAdding();
        if (!finishGrading)
            _pool.Abandon();
        _thread.Join();
        ThrowIfFailed();
    }

    public void Dispose()
    {
        if (!_sealed.IsAddingCompleted)
            _sealed.CompleteAdding();
        _pool.Abandon();
        _thread.Join();
        _sealed.Dispose();
        _failed.Dispose();
        _ended.Dispose();
    }

    private void Count(SampleBatch batch, Func<SharingStatistics> statistics)
    {
        batch.Statistics = statistics();
        _counted = Stopwatch.GetTimestamp();
    }

    /// <summary>Waits where the writing thread is several batches behind.</summary>
    private void Enqueue(SampleBatch batch)
    {
        var begin = _samplingTrack?.Now ?? 0;
        try
        {
            _sealed.Add(batch, _ended.Token);
        }
        catch (OperationCanceledException)
        {
            ThrowIfFailed();
        }
        _samplingTrack?.End(SpanName.HandOver, begin, batch.Samples.Count);
    }

    private void ThrowIfFailed()
    {
        if (_ended.IsCancellationRequested)
            ExceptionDispatchInfo.Throw(_failure!);
    }

    private void Work()
    {
        try
        {
            while (!_sealed.IsCompleted)
            {
                Store(_sealed.TryTake(out var batch, Interval) ? batch : TakeFilling());
                // What was drawn and judged until the sampling ends is stored all the same.
                if (_pool.IsFaulted)
                    _failed.Cancel();
            }
            _pool.Complete();
            while (!_pool.IsFinished)
            {
                _pool.Wait(Interval);
                Store(new SampleBatch());
            }
            Store(new SampleBatch());
            _pool.ThrowIfFaulted();
        }
        catch (Exception failure)
        {
            _failure = failure;
            _ended.Cancel();
            _failed.Cancel();
        }
    }

    /// <summary>What has come in by now, for when samples come so slowly that none fills a batch or looks at its age.</summary>
    private SampleBatch TakeFilling()
    {
        lock (_filling)
        {
            var batch = _batch;
            _batch = new SampleBatch();
            return batch;
        }
    }

    private void Store(SampleBatch batch)
    {
        var verdicts = new List<(long Completion, Verdict Verdict)>();
        while (_pool.TryTake(out var graded))
            verdicts.Add(graded);
        if (batch.Samples.Count == 0 && batch.Statistics is null && verdicts.Count == 0)
            return;

        var begin = _track?.Now ?? 0;
        var tokens = 0L;
        _store.Write(() =>
        {
            foreach (var (problem, completion) in batch.Samples)
            {
                tokens += completion.Tokens.Length;
                AddSample(problem, completion);
            }
            foreach (var (completion, verdict) in verdicts)
            {
                _store.AddVerdict(_grader, completion, verdict);
                _graded.End(completion, verdict.Correct);
            }
            if (batch.Statistics is { } statistics)
                _store.SetStatistics(statistics);
        });
        _track?.End(SpanName.Store, begin, batch.Samples.Count);
        _done = _done with
        {
            SamplesDone = _done.SamplesDone + batch.Samples.Count,
            Tokens = _done.Tokens + tokens,
            Graded = _graded.Graded,
            Correct = _graded.Correct,
        };
        _progress(_done);
    }

    private void AddSample(int problem, Completion completion)
    {
        var (id, isNew) = _store.AddSample(problem, completion);
        if (isNew)
            _graded.Begin(id, _pool.TryPost(new UngradedCompletion(id, problem, completion.Text)));
        else
            _graded.Join(id);
    }
}
