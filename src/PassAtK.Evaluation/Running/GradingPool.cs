using System.Collections.Concurrent;
using System.Threading.Channels;
using PassAtK.Engine.Tracing;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>
/// Grades completions on worker tasks. Whoever posts never waits: a post that finds the queue full is refused, and that completion is
/// graded later from the store.
/// </summary>
internal sealed class GradingPool : IDisposable
{
    private readonly IGrader _grader;
    private readonly IReadOnlyList<PreparedProblem> _problems;
    private readonly Channel<UngradedCompletion> _jobs;
    private readonly ConcurrentQueue<(long Completion, Verdict Verdict)> _verdicts = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Task _workers;

    public GradingPool(IGrader grader, IReadOnlyList<PreparedProblem> problems, int workers, int capacity, Tracer? tracer = null)
    {
        _grader = grader;
        _problems = problems;
        _jobs = Channel.CreateBounded<UngradedCompletion>(capacity);
        _workers = Task.WhenAll(
            Enumerable.Range(1, workers).Select(worker => Task.Run(() => WorkAsync(tracer?.Track($"grader {worker}")))));
    }

    /// <summary>True when every accepted completion has its verdict or was abandoned, after <see cref="Complete"/> or a fault.</summary>
    public bool IsFinished => _workers.IsCompleted;

    /// <summary>True when a grader threw: no more verdicts come, but those given are still to be taken.</summary>
    public bool IsFaulted => _workers.IsFaulted;

    public bool TryPost(UngradedCompletion completion) => _jobs.Writer.TryWrite(completion);

    public bool TryTake(out (long Completion, Verdict Verdict) graded) => _verdicts.TryDequeue(out graded);

    /// <summary>Ends the queue; what is in it is still graded.</summary>
    public void Complete() => _jobs.Writer.TryComplete();

    /// <summary>Ends the queue and drops what is in it; verdicts under way are still given.</summary>
    public void Abandon()
    {
        _abandoned.Cancel();
        Complete();
    }

    /// <summary>Waits for the workers to finish, but not for long.</summary>
    public void Wait(TimeSpan longest) => Task.WaitAny([_workers], longest);

    /// <summary>Throws what a grader threw.</summary>
    public void ThrowIfFaulted()
    {
        if (IsFaulted)
            _workers.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Abandon();
        // A grader's fault has been thrown before, or another fault is on its way up.
        Task.WaitAny(_workers);
        _abandoned.Dispose();
    }

    private async Task WorkAsync(TraceTrack? track)
    {
        try
        {
            await foreach (var job in _jobs.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (_abandoned.IsCancellationRequested)
                    continue;
                var begin = track?.Now ?? 0;
                var verdict = _grader.Grade(_problems[job.Problem].Problem, job.Text);
                track?.End(SpanName.Grade, begin, 1);
                GradingMetrics.Count(_grader, verdict);
                _verdicts.Enqueue((job.Id, verdict));
            }
        }
        catch (Exception fault)
        {
            // Ends the other workers with the same fault.
            _jobs.Writer.TryComplete(fault);
            _abandoned.Cancel();
            throw;
        }
    }
}
