using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>What draws samples, as a session sees it: <see cref="Run"/> of the sampling engine and its counts.</summary>
public interface ISampleEngine
{
    /// <summary>
    /// Draws all samples of all requests, taking requests as it needs them, and hands each over as it ends. Returns early, or throws
    /// <see cref="OperationCanceledException"/>, after the step in which it was cancelled.
    /// </summary>
    /// <param name="requests">Enumerated once, on the calling thread.</param>
    /// <param name="completed">Called on the calling thread; what it throws ends the run.</param>
    /// <param name="cancellation">Ends the run after the current step.</param>
    void Run(IEnumerable<SampleRequest> requests, Action<Completion> completed, CancellationToken cancellation);

    /// <summary>A copy of what this engine has counted so far; asked for on the thread of <see cref="Run"/>.</summary>
    SharingStatistics Statistics();
}
