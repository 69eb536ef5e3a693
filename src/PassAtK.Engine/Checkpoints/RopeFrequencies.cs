namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// The angle per position of each pair of dimensions (i, i + d / 2) of a head of d dimensions: theta^(-2 i / d), stretched for long
/// contexts. Sources: Su et al., "RoFormer", arXiv 2104.09864; linear: Chen et al., arXiv 2306.15595; Llama 3: section 3.4.3 of arXiv
/// 2407.21783 and Meta's published rule; YaRN: Peng et al., arXiv 2309.00071, section 3.2 and equation 22.
/// </summary>
internal static class RopeFrequencies
{
    /// <summary>`[headDimension / 2]` radians per position.</summary>
    public static double[] Of(RopeParameters rope, int headDimension)
    {
        var frequencies = new double[headDimension / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var frequency = Math.Pow(rope.Theta, -2.0 * i / headDimension);
            frequencies[i] = rope.Scaling switch
            {
                RopeScaling.None => frequency,
                RopeScaling.Linear => frequency / rope.Factor,
                RopeScaling.Llama3 => Llama3(rope, frequency),
                RopeScaling.Yarn => Yarn(rope, frequency, i, headDimension),
                _ => throw new InputException($"rope scaling is {rope.Scaling}, expected None, Linear, Llama3 or Yarn."),
            };
        }
        return frequencies;
    }

    /// <summary>Factor on cosines and sines.</summary>
    public static double Magnitude(RopeParameters rope) =>
        rope.Scaling != RopeScaling.Yarn ? 1
        : rope.AttentionFactor ?? (rope.Factor <= 1 ? 1 : (0.1 * Math.Log(rope.Factor)) + 1);

    /// <summary>
    /// By the turns that a pair makes within the original context: above the high factor it stays, below the low factor it slows down
    /// by the whole factor, between them the frequency is interpolated linearly in the number of turns.
    /// </summary>
    private static double Llama3(RopeParameters rope, double frequency)
    {
        var turns = rope.OriginalMaxPositions * frequency / (2 * Math.PI);
        var kept = Math.Clamp(
            (turns - rope.LowFrequencyFactor) / (rope.HighFrequencyFactor - rope.LowFrequencyFactor), 0, 1);
        return (kept * frequency) + ((1 - kept) * frequency / rope.Factor);
    }

    /// <summary>
    /// The same idea with a ramp that is linear in the index of the pair, between the (whole) indices whose pairs make
    /// <see cref="RopeParameters.BetaFast"/> and <see cref="RopeParameters.BetaSlow"/> turns within the original context.
    /// </summary>
    private static double Yarn(RopeParameters rope, double frequency, int index, int headDimension)
    {
        var low = Math.Max(Math.Floor(IndexOfTurns(rope, rope.BetaFast, headDimension)), 0);
        var high = Math.Min(Math.Ceiling(IndexOfTurns(rope, rope.BetaSlow, headDimension)), headDimension - 1);
        // Published code keeps the ramp from being a division by zero in the same way.
        var width = high == low ? 0.001 : high - low;
        var slowed = Math.Clamp((index - low) / width, 0, 1);
        return ((1 - slowed) * frequency) + (slowed * frequency / rope.Factor);
    }

    /// <summary>The (fractional) index of the pair that makes this many turns within the original context.</summary>
    private static double IndexOfTurns(RopeParameters rope, double turns, int headDimension) =>
        headDimension * Math.Log(rope.OriginalMaxPositions / (turns * 2 * Math.PI)) / (2 * Math.Log(rope.Theta));
}
