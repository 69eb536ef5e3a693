using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Cli.Sessions;

/// <summary>The sampling engine as a run's session sees it.</summary>
internal sealed class EngineSampling(SamplingEngine engine) : ISampleEngine
{
    public void Run(IEnumerable<SampleRequest> requests, Action<Completion> completed, CancellationToken cancellation) =>
        engine.Run(requests, completed, cancellation);

    public SharingStatistics Statistics() => new()
    {
        TokensByDepth = [.. engine.Statistics.TokensByDepth],
        RowsByDepth = [.. engine.Statistics.RowsByDepth],
        PrefilledRows = engine.Statistics.PrefilledRows,
        RecomputedRows = engine.Statistics.RecomputedRows,
    };
}
