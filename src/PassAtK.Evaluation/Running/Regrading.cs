using System.Runtime.ExceptionServices;
using PassAtK.Engine;
using PassAtK.Engine.Tracing;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>
/// Grades every stored completion that one version of a grader has not judged. Verdicts of other graders and versions stay beside the new
/// ones. May be stopped and repeated: what has a verdict is not graded again.
/// </summary>
public static class Regrading
{
    private const int CompletionsPerTransaction = 64;

    /// <param name="store">The run.</param>
    /// <param name="grader">The grader.</param>
    /// <param name="workers">Threads that grade.</param>
    /// <param name="graded">Told the number of completions graded so far, after each transaction.</param>
    /// <param name="tracer">Told when completions are graded and stored.</param>
    /// <param name="cancellation">Ends after the current transaction.</param>
    /// <returns>Completions graded; fewer than were ungraded only where it was cancelled.</returns>
    /// <exception cref="InputException">The disk is full or fails, or the grader refuses; verdicts given until then are stored.</exception>
    public static long Grade(
        RunStore store, IGrader grader, int workers, Action<long>? graded = null, Tracer? tracer = null,
        CancellationToken cancellation = default)
    {
        using var reader = RunReader.Open(store.Path);
        PreparedProblem[] problems = [.. reader.Problems()];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers };
        var (count, last) = (0L, 0L);
        var track = tracer?.Track("grading of what is left");
        while (!cancellation.IsCancellationRequested)
        {
            var page = reader.Ungraded((grader.Name, grader.Version), last, CompletionsPerTransaction);
            if (page.Count == 0)
                break;
            var verdicts = new Verdict?[page.Count];
            Exception? failure = null;
            var begin = track?.Now ?? 0;
            try
            {
                Parallel.For(0, page.Count, parallel, i => verdicts[i] = grader.Grade(problems[page[i].Problem].Problem, page[i].Text));
            }
            catch (AggregateException error)
            {
                failure = error.InnerExceptions.OfType<InputException>().FirstOrDefault() ?? (Exception)error;
            }
            begin = track?.End(SpanName.Grade, begin, page.Count) ?? 0;
            store.Write(() =>
            {
                for (var i = 0; i < page.Count; i++)
                {
                    if (verdicts[i] is not { } verdict)
                        continue;
                    store.AddVerdict(grader, page[i].Id, verdict);
                    GradingMetrics.Count(grader, verdict);
                }
            });
            track?.End(SpanName.Store, begin, page.Count);
            // Only now that the verdicts which were given are stored.
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
            last = page[^1].Id;
            count += page.Count;
            graded?.Invoke(count);
        }
        return count;
    }
}
