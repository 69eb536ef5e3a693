namespace PassAtK.Evaluation.Storage;

/// <summary>
/// What sampling cost: every draw and every row of logits that was computed, also those of samples which a kill lost and which were drawn
/// again. The saving of the sample tree is <see cref="SampledTokens"/> / <see cref="ComputedRows"/>.
/// </summary>
public sealed record SharingStatistics
{
    public static SharingStatistics None { get; } = new();

    /// <summary>`[depth]`: drawn tokens by the number of tokens generated before them.</summary>
    public IReadOnlyList<long> TokensByDepth { get; init; } = [];

    /// <summary>`[depth]`: rows of logits by the number of tokens generated before them.</summary>
    public IReadOnlyList<long> RowsByDepth { get; init; } = [];

    /// <summary>Rows of prompts, the last one of each prompt excepted.</summary>
    public long PrefilledRows { get; init; }

    /// <summary>Rows computed again after a preemption.</summary>
    public long RecomputedRows { get; init; }

    public long SampledTokens => TokensByDepth.Sum();

    public long ComputedRows => RowsByDepth.Sum();

    public SharingStatistics Plus(SharingStatistics other) => new()
    {
        TokensByDepth = Sum(TokensByDepth, other.TokensByDepth),
        RowsByDepth = Sum(RowsByDepth, other.RowsByDepth),
        PrefilledRows = PrefilledRows + other.PrefilledRows,
        RecomputedRows = RecomputedRows + other.RecomputedRows,
    };

    private static long[] Sum(IReadOnlyList<long> left, IReadOnlyList<long> right)
    {
        var sum = new long[Math.Max(left.Count, right.Count)];
        for (var depth = 0; depth < sum.Length; depth++)
            sum[depth] = left.ElementAtOrDefault(depth) + right.ElementAtOrDefault(depth);
        return sum;
    }
}
