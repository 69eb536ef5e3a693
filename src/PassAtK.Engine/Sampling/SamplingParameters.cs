namespace PassAtK.Engine.Sampling;

/// <summary>
/// How a token is drawn from a row of logits: logits / temperature, softmax, top-k, top-p, min-p (each on the renormalised survivors
/// of the one before), inverse CDF in ascending token id. The defaults are those of arXiv 2504.13837.
/// </summary>
public sealed record SamplingParameters
{
    /// <summary>Lowest and highest temperature other than 0: within them no logit's weight over- or underflows wrongly.</summary>
    public const float LeastTemperature = 1e-30f, MostTemperature = 1e30f;

    /// <summary>0 means arg max, the lowest id on ties.</summary>
    public float Temperature { get; init; } = 0.6f;

    /// <summary>Mass of the nucleus, in (0, 1]; 1 switches the filter off.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Most tokens that survive; 0 switches the filter off.</summary>
    public int TopK { get; init; }

    /// <summary>Least probability of a survivor, relative to the most likely token's, in [0, 1]; 0 switches the filter off.</summary>
    public float MinP { get; init; }

    /// <exception cref="InputException">A value is outside its range.</exception>
    public void Validate()
    {
        if (Temperature != 0 && !(Temperature >= LeastTemperature && Temperature <= MostTemperature))
            throw new InputException($"temperature is {Temperature}, expected 0 or a number from {LeastTemperature} to {MostTemperature}.");
        if (!(TopP > 0 && TopP <= 1))
            throw new InputException($"top-p is {TopP}, expected more than 0 and at most 1.");
        if (TopK < 0)
            throw new InputException($"top-k is {TopK}, expected 0 (off) or more.");
        if (!(MinP >= 0 && MinP <= 1))
            throw new InputException($"min-p is {MinP}, expected 0 (off) to 1.");
    }
}
