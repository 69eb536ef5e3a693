namespace PassAtK.Engine.Checkpoints;

/// <summary>How rotary frequencies are stretched for contexts longer than the model was first trained on.</summary>
public enum RopeScaling
{
    None,
    Linear,
    Llama3,
    Yarn,
}

/// <summary>
/// Rotary position embedding: `rope_theta` and `rope_scaling` of `config.json`. Fields that a scaling does not use keep their
/// defaults.
/// </summary>
public sealed record RopeParameters
{
    public required double Theta { get; init; }

    public RopeScaling Scaling { get; init; } = RopeScaling.None;

    public double Factor { get; init; } = 1;

    public double LowFrequencyFactor { get; init; } = 1;

    public double HighFrequencyFactor { get; init; } = 4;

    public int OriginalMaxPositions { get; init; }

    public double BetaFast { get; init; } = 32;

    public double BetaSlow { get; init; } = 1;

    /// <summary>YaRN's factor on cosines and sines (a stated `mscale` pair is folded into it); null means 0.1 ln(factor) + 1.</summary>
    public double? AttentionFactor { get; init; }
}
