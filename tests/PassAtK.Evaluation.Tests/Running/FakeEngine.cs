using System.Globalization;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Tests.Running;

/// <summary>
/// Completions that are a pure function of (problem, index), as the real engine's are; runs of siblings share their arrays. They end in an
/// order that the seed shuffles within each request.
/// </summary>
internal sealed class FakeEngine(int seed = 0) : ISampleEngine
{
    private readonly Random _order = new(seed);
    private readonly long[] _tokens = new long[8];
    private readonly long[] _rows = new long[8];

    /// <summary>Called before each completion is handed over, with the number handed over before.</summary>
    public Action<int> Before { get; init; } = _ => { };

    public List<SampleRequest> Requests { get; } = [];

    public int Given { get; private set; }

    public void Run(IEnumerable<SampleRequest> requests, Action<Completion> completed, CancellationToken cancellation)
    {
        foreach (var request in requests)
        {
            Requests.Add(request);
            foreach (var siblings in request.Samples.GroupBy(sample => Family(request, sample)).OrderBy(_ => _order.Next()))
            {
                var shared = Complete(request, siblings.Key);
                for (var depth = 0; depth < shared.Tokens.Length; depth++)
                    _rows[depth]++;
                foreach (var sample in siblings)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Before(Given);
                    for (var depth = 0; depth < shared.Tokens.Length; depth++)
                        _tokens[depth]++;
                    completed(shared with { Sample = sample });
                    Given++;
                }
            }
        }
    }

    public SharingStatistics Statistics() =>
        new() { TokensByDepth = [.. _tokens], RowsByDepth = [.. _rows], PrefilledRows = Requests.Count };

    /// <summary>Samples of one family have the same tokens.</summary>
    private static int Family(SampleRequest request, int sample) =>
        (int)(12 * Philox.Uniform(request.Seed, Philox.ProblemKey(request.ProblemId), sample, 0));

    private static Completion Complete(SampleRequest request, int family)
    {
        var tokens = Enumerable.Range(0, 1 + (family % 7)).Select(depth => (family * 1000) + depth).ToArray();
        var logprobs = tokens.Select(token => -MathF.Log(2 + (token % 17))).ToArray();
        var text = string.Create(CultureInfo.InvariantCulture, $"{request.ProblemId} says \"{family}\" \0 é\U0001F600\n");
        return new Completion(
            request.ProblemId, 0, tokens, logprobs, [.. logprobs.Select(logprob => logprob / 2)], text,
            family % 5 == 0 ? FinishReason.Length : FinishReason.Stop);
    }
}
