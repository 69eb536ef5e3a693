namespace PassAtK.Engine.Sampling;

/// <summary>
/// Where a filter cuts the order (logit descending, index ascending): everything up to and including one token survives. All filters keep
/// such a prefix, so the tightest cutoff is their intersection.
/// </summary>
/// <param name="Logit">Larger logits survive.</param>
/// <param name="LastTie">Of the logits equal to <paramref name="Logit"/>, those up to this index survive.</param>
internal readonly record struct Cutoff(float Logit, int LastTie)
{
    /// <summary>Only -infinity is cut.</summary>
    public static Cutoff None { get; } = new(float.MinValue, int.MaxValue);

    public bool Keeps(float logit, int index) => logit > Logit || (logit == Logit && index <= LastTie);

    /// <summary>Both filters at once.</summary>
    public Cutoff And(Cutoff other) =>
        Logit > other.Logit || (Logit == other.Logit && LastTie < other.LastTie) ? this : other;
}
