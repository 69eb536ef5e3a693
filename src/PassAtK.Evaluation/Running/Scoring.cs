using System.Diagnostics;
using PassAtK.Engine;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>
/// Stores the log-likelihood of every completion under a model that has not scored it yet. Given tokens run through the sample tree, so a
/// prefix that completions share is computed once. May be stopped and repeated: what has a score is not computed again.
/// </summary>
public sealed class Scoring
{
    private const int ScoresPerTransaction = 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<(string Problem, int Sample), long> _inFlight = [];
    private readonly List<(long Completion, float[] Logprobs)> _waiting = [];
    private long _written = Stopwatch.GetTimestamp();

    /// <summary>The run.</summary>
    public required RunStore Store { get; init; }

    /// <summary>The model that the engine runs.</summary>
    public required Scorer Scorer { get; init; }

    /// <summary>Told how many completions are scored, after each transaction.</summary>
    public Action<long> Progress { get; init; } = _ => { };

    /// <summary>
    /// A request takes no more completions once it has so many tokens: bounds what is in memory however large a problem's n is.
    /// </summary>
    internal int TokensPerRequest { get; init; } = 1 << 20;

    /// <summary>How many completions this has scored; all of them are stored.</summary>
    public long Scored { get; private set; }

    /// <summary>Scores to the end or until cancelled; what was computed by then is stored.</summary>
    /// <exception cref="InputException">The disk is full or fails, or the model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Run(ISampleEngine engine, CancellationToken cancellation)
    {
        using var reader = RunReader.Open(Store.Path);
        try
        {
            engine.Run(Requests(reader), Take, cancellation);
        }
        finally
        {
            // Also when the engine failed: what it had scored is good.
            Write();
        }
    }

    /// <summary>What is left, in problem order, made as the engine takes it.</summary>
    private IEnumerable<SampleRequest> Requests(RunReader reader)
    {
        PreparedProblem[] problems = [.. reader.Problems()];
        for (var position = 0; position < problems.Length; position++)
        {
            var given = new SortedDictionary<int, int[]>();
            var tokens = 0L;
            foreach (var (completion, sample) in reader.Unscored(Scorer, position))
            {
                given[sample] = reader.Completion(completion).Tokens;
                tokens += given[sample].Length;
                _inFlight[(problems[position].Problem.Id, sample)] = completion;
                if (given.Count < RunSession.MostSamplesPerRequest && tokens < TokensPerRequest)
                    continue;
                yield return Request(problems[position], given);
                (given, tokens) = ([], 0);
            }
            if (given.Count > 0)
                yield return Request(problems[position], given);
        }
    }

    private static SampleRequest Request(PreparedProblem problem, SortedDictionary<int, int[]> given) => new()
    {
        ProblemId = problem.Problem.Id,
        Prompt = problem.PromptTokens,
        Parameters = new SamplingParameters(),
        Seed = 0,
        MaxTokens = given.Values.Max(tokens => tokens.Length),
        Samples = [.. given.Keys],
        Given = given,
    };

    private void Take(Completion completion)
    {
        _inFlight.Remove((completion.ProblemId, completion.Sample), out var id);
        _waiting.Add((id, completion.Logprobs));
        if (_waiting.Count >= ScoresPerTransaction || Stopwatch.GetElapsedTime(_written) >= Interval)
            Write();
    }

    private void Write()
    {
        if (_waiting.Count == 0)
            return;
        // Taken out first: a transaction that failed is not tried again on the way out.
        (long Completion, float[] Logprobs)[] scores = [.. _waiting];
        _waiting.Clear();
        Store.Write(() =>
        {
            foreach (var (completion, logprobs) in scores)
                Store.AddScore(Scorer, completion, logprobs);
        });
        Scored += scores.Length;
        _written = Stopwatch.GetTimestamp();
        Progress(Scored);
    }
}
