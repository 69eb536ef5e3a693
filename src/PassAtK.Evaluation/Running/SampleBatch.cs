using System.Diagnostics;
using PassAtK.Engine.Scheduling;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Running;

/// <summary>Samples that are stored in one transaction, with the engine's counts at their time.</summary>
internal sealed class SampleBatch
{
    private const int MostSamples = 1024;
    private const int MostTokens = 1 << 18;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly long _started = Stopwatch.GetTimestamp();
    private int _tokens;

    public List<(int Problem, Completion Completion)> Samples { get; } = [];

    /// <summary>Null where they were not asked for since the batch before.</summary>
    public SharingStatistics? Statistics { get; set; }

    /// <summary>Enough for a transaction: by samples, by memory, or by age.</summary>
    public bool IsFull => Samples.Count >= MostSamples || _tokens >= MostTokens || Stopwatch.GetElapsedTime(_started) >= LongestWait;

    public void Add(int problem, Completion completion)
    {
        // Arrays shared with the sample before take no memory of their own.
        if (Samples.Count == 0 || !ReferenceEquals(Samples[^1].Completion.Tokens, completion.Tokens))
            _tokens += completion.Tokens.Length;
        Samples.Add((problem, completion));
    }
}
