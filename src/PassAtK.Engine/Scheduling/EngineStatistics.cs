namespace PassAtK.Engine.Scheduling;

/// <summary>
/// What sampling cost so far. The saving of the sample tree is <see cref="SampledTokens"/> / <see cref="ComputedRows"/>.
/// </summary>
public sealed class EngineStatistics
{
    private readonly List<long> _tokensByDepth = [];
    private readonly List<long> _rowsByDepth = [];

    public long Steps { get; internal set; }

    /// <summary>Drawn tokens, end-of-sequence tokens included.</summary>
    public long SampledTokens { get; private set; }

    /// <summary>Rows of logits that tokens were drawn from, each counted once however many samples drew from it.</summary>
    public long ComputedRows { get; private set; }

    /// <summary>Rows of prompts computed for the first time, the last one of each prompt excepted (it is a row of logits).</summary>
    public long PrefilledRows { get; internal set; }

    /// <summary>Rows computed again after a preemption.</summary>
    public long RecomputedRows { get; internal set; }

    /// <summary>Rows computed ahead for samples that turned out to have ended; counted nowhere else.</summary>
    public long AbandonedRows { get; internal set; }

    public long Preemptions { get; internal set; }

    public long CompletedSamples { get; internal set; }

    /// <summary>`[depth]`: sampled tokens by the number of tokens generated before them.</summary>
    public IReadOnlyList<long> TokensByDepth => _tokensByDepth;

    /// <summary>`[depth]`: computed rows of logits by the number of tokens generated before them.</summary>
    public IReadOnlyList<long> RowsByDepth => _rowsByDepth;

    internal void CountRow(int depth, int draws)
    {
        ComputedRows++;
        SampledTokens += draws;
        while (_rowsByDepth.Count <= depth)
        {
            _rowsByDepth.Add(0);
            _tokensByDepth.Add(0);
        }
        _rowsByDepth[depth]++;
        _tokensByDepth[depth] += draws;
    }
}
