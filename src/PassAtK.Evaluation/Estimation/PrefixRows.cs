namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The rows of logits that a problem's samples take when they share every prefix: at each depth, the different prefixes of that many tokens
/// of samples that draw another one. It is what the sample tree computes, counted from the samples alone.
/// </summary>
public static class PrefixRows
{
    /// <param name="samples">The tokens of each sample; reordered.</param>
    /// <returns>`[depth]`: drawn tokens, and rows.</returns>
    public static (long[] Tokens, long[] Rows) ByDepth(List<int[]> samples)
    {
        var longest = samples.Count == 0 ? 0 : samples.Max(sample => sample.Length);
        var (tokens, rows) = (new long[longest], new long[longest]);
        samples.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        ReadOnlySpan<int> before = [];
        foreach (var sample in samples)
        {
            var shared = sample.AsSpan().CommonPrefixLength(before);
            // The sample before drew after the shared prefix only if it is longer.
            for (var depth = before.Length > shared ? shared + 1 : shared; depth < sample.Length; depth++)
                rows[depth]++;
            for (var depth = 0; depth < sample.Length; depth++)
                tokens[depth]++;
            before = sample;
        }
        return (tokens, rows);
    }
}
