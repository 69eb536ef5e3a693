namespace PassAtK.Engine.Cuda;

/// <summary>Which physically shared runs of positions are computed once for their rows. The choice changes no bit of the result.</summary>
public enum AttentionSharing
{
    /// <summary>Those that <see cref="AttentionCosts"/> says pay.</summary>
    ByCost,

    /// <summary>All of them, down to the deepest level.</summary>
    Everything,

    /// <summary>In each split, the run that most rows share, and none that forks from it.</summary>
    Prefix,

    /// <summary>None but the rows of a prefill chunk.</summary>
    Nothing,
}
