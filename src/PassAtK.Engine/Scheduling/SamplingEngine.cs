using PassAtK.Engine.Execution;
using PassAtK.Engine.Tokenization;

namespace PassAtK.Engine.Scheduling;

/// <summary>Samples completions of many problems on one backend. Not thread-safe: one run at a time.</summary>
/// <param name="backend">The model.</param>
/// <param name="tokenizer">Its tokenizer; without one the completions have no text and stop texts are refused.</param>
/// <param name="options">How to work.</param>
public sealed class SamplingEngine(IBackend backend, Tokenizer? tokenizer, EngineOptions options)
{
    /// <summary>Totals over all runs of this engine.</summary>
    public EngineStatistics Statistics { get; } = new();

    /// <summary>
    /// Draws all samples of all requests. Requests are taken one by one as there is room for them; completions arrive on the calling
    /// thread in the order in which they finish.
    /// </summary>
    /// <exception cref="InputException">A request is impossible, or the model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled; the completions of every step have been handed out, but for one still in flight.
    /// </exception>
    public void Run(IEnumerable<SampleRequest> requests, Action<Completion> completed, CancellationToken cancellation = default)
    {
        using var scheduler = new Scheduler(backend, tokenizer, options, Statistics, requests, completed);
        do
        {
            cancellation.ThrowIfCancellationRequested();
        }
        while (scheduler.Step());
    }
}
