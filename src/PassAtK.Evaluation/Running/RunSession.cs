using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tracing;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>
/// One sitting of a run: draws the samples that the store lacks, stores them as they come, and grades them beside. Whatever ends it, the
/// store is whole; the next session draws exactly what is missing.
/// </summary>
public sealed class RunSession
{
    /// <summary>Most samples in a request: keeps what the engine holds at a time bounded however large n is.</summary>
    public const int MostSamplesPerRequest = 4096;

    private const int CompletionsWaitingForGrading = 4096;

    private readonly Dictionary<string, int> _positions;

    /// <summary>The run, opened with the same settings and problems.</summary>
    public required RunStore Store { get; init; }

    public required RunSettings Settings { get; init; }

    public required IGrader Grader { get; init; }

    /// <summary>Samples wanted of each problem.</summary>
    public required int Samples { get; init; }

    /// <summary>Threads that grade.</summary>
    public int GradingWorkers { get; init; } = 1;

    /// <summary>Called after each transaction, on the writing thread, and before and after the session on the calling one.</summary>
    public Action<RunProgress> Progress { get; init; } = _ => { };

    /// <summary>Told when samples are stored and graded; null for nothing.</summary>
    public Tracer? Tracer { get; init; }

    internal int GradingCapacity { get; init; } = CompletionsWaitingForGrading;

    /// <param name="problems">In task order, as the store was opened with.</param>
    public RunSession(IReadOnlyList<PreparedProblem> problems)
    {
        Problems = problems;
        _positions = problems.Select((problem, position) => (problem.Problem.Id, position)).ToDictionary(StringComparer.Ordinal);
    }

    public IReadOnlyList<PreparedProblem> Problems { get; }

    /// <summary>Runs to the end or until cancelled; then everything that was drawn is committed.</summary>
    /// <returns>True when all samples are stored and graded, false when it was cancelled.</returns>
    /// <exception cref="PassAtK.Engine.InputException">The disk is full or fails; the message says so. What the engine throws comes
    /// through.</exception>
    public bool Run(ISampleEngine engine, CancellationToken cancellation) =>
        Run(engine, Enumerable.Repeat(Samples, Problems.Count).ToArray(), cancellation);

    /// <summary>The same with a number of samples for each problem, in place of <see cref="Samples"/>.</summary>
    internal bool Run(ISampleEngine engine, IReadOnlyList<int> wanted, CancellationToken cancellation)
    {
        using var reader = RunReader.Open(Store.Path);
        var stored = Stored(reader, wanted);
        Progress(stored);
        var tokens = Sample(engine, reader, wanted, stored, cancellation);
        if (cancellation.IsCancellationRequested)
            return false;

        if (reader.MissingSamples(wanted).Any())
            throw new InvalidOperationException("The engine ended without all samples that were asked for.");
        if (Regrading.Grade(Store, Grader, GradingWorkers, tracer: Tracer, cancellation: cancellation) > 0)
            Progress(Stored(reader, wanted) with { Tokens = tokens });
        return !cancellation.IsCancellationRequested;
    }

    /// <summary>Draws and stores; tells how many tokens.</summary>
    private long Sample(
        ISampleEngine engine, RunReader reader, IReadOnlyList<int> wanted, RunProgress stored, CancellationToken cancellation)
    {
        using var pool = new GradingPool(Grader, Problems, GradingWorkers, GradingCapacity, Tracer);
        using var writer = new RunWriter(Store, Grader, pool, stored, Progress, Tracer);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, writer.Failed);
        var ended = false;
        try
        {
            engine.Run(
                Requests(reader, wanted),
                completion => writer.Add(_positions[completion.ProblemId], completion, engine.Statistics),
                stop.Token);
            ended = !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            // Also when the engine failed: samples that ended are good.
            writer.Finish(engine.Statistics(), finishGrading: ended);
        }
        return writer.Tokens;
    }

    /// <summary>The missing samples in problem order, made as the engine takes them.</summary>
    private IEnumerable<SampleRequest> Requests(RunReader reader, IReadOnlyList<int> wanted)
    {
        foreach (var (position, indices) in reader.MissingSamples(wanted))
        {
            foreach (var chunk in indices.Chunk(MostSamplesPerRequest))
            {
                yield return new SampleRequest
                {
                    ProblemId = Problems[position].Problem.Id,
                    Prompt = Problems[position].PromptTokens,
                    Parameters = Settings.Sampling,
                    Seed = Settings.Seed,
                    MaxTokens = Settings.MaxTokens,
                    Stop = Settings.Stop,
                    Samples = chunk,
                };
            }
        }
    }

    private RunProgress Stored(RunReader reader, IReadOnlyList<int> wanted)
    {
        var progress = new RunProgress(0, wanted.Sum(samples => (long)samples), 0, 0, 0);
        foreach (var tally in reader.Tallies((Grader.Name, Grader.Version), wanted))
        {
            progress = progress with
            {
                SamplesDone = progress.SamplesDone + tally.Samples,
                Graded = progress.Graded + tally.Graded,
                Correct = progress.Correct + tally.Correct,
            };
        }
        return progress;
    }
}
