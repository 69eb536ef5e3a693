namespace PassAtK.Engine.Sampling;

/// <summary>What all logits from one on amount to.</summary>
/// <param name="Logit">The threshold.</param>
/// <param name="Count">Number of logits of at least <paramref name="Logit"/>.</param>
/// <param name="Mass">Sum of their weights.</param>
internal readonly record struct Bound(float Logit, int Count, double Mass);

/// <summary>A count or a mass to be reached by going down the logits.</summary>
internal readonly record struct Target(double Value, bool ByCount)
{
    public double Of(Bound bound) => ByCount ? bound.Count : bound.Mass;

    public bool IsReachedBy(Bound bound) => Of(bound) >= Value;
}

/// <summary>Two thresholds around a crossing: the target is reached at the lower one and not yet at the higher one.</summary>
internal struct Bracket(Bound low, Bound high)
{
    /// <summary>What a pass over the row does not see: 0, or the end that a list of the bracket's inside was cut off at.</summary>
    private readonly Bound _above = high;

    public Bound Low { get; private set; } = low;

    public Bound High { get; private set; } = high;

    /// <summary>Tokens from the lower threshold to just below the higher one.</summary>
    public readonly int Count => Low.Count - High.Count;

    /// <summary>Whether the lower threshold is the only logit inside.</summary>
    public readonly bool IsClosed => float.BitIncrement(Low.Logit) >= High.Logit;

    public readonly bool Holds(float threshold) => threshold > Low.Logit && threshold < High.Logit;

    /// <summary>Moves one end to a threshold inside.</summary>
    public void Measure(IRowPasses passes, TokenRow row, float threshold, Target target)
    {
        var (count, mass) = passes.Measure(row, threshold);
        var bound = new Bound(threshold, _above.Count + count, _above.Mass + mass);
        if (target.IsReachedBy(bound))
            Low = bound;
        else
            High = bound;
    }

    /// <summary>The same bracket around the same tokens taken out of their row.</summary>
    public readonly Bracket Inside() => new(Low, High);

    /// <summary>A logit strictly inside an open bracket: where the secant meets the target, or the middle by value or bits.</summary>
    public readonly float Guess(Target target, bool bySecant, bool byValue)
    {
        if (bySecant || byValue)
        {
            var part = bySecant ? (target.Of(Low) - target.Value) / (target.Of(Low) - target.Of(High)) : 0.5;
            var guess = (float)(Low.Logit + (((double)High.Logit - Low.Logit) * part));
            if (Holds(guess))
                return guess;
        }
        var middle = FromOrdered((int)(((long)ToOrdered(Low.Logit) + ToOrdered(High.Logit)) / 2));
        return Holds(middle) ? middle : float.BitIncrement(Low.Logit);
    }

    /// <summary>Floats in order as integers in order; negative ones count down.</summary>
    private static int ToOrdered(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : int.MinValue - bits;
    }

    private static float FromOrdered(int ordered) =>
        BitConverter.Int32BitsToSingle(ordered >= 0 ? ordered : int.MinValue - ordered);
}
