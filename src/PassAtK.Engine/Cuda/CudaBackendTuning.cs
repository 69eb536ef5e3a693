using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>What tests vary and users need not: none of it changes a result.</summary>
internal sealed record CudaBackendTuning
{
    /// <summary>Most bytes of logits held at a time, unless one row alone takes more.</summary>
    public long LogitsBytes { get; init; } = 1L << 30;

    public AttentionSharing Sharing { get; init; } = AttentionSharing.ByCost;

    /// <summary>Most graphs kept; the one that was not used longest goes first.</summary>
    public int MostGraphs { get; init; } = 256;

    /// <summary>Whether steps run launch by launch instead of as graphs, as they do under PASSATK_CUDA_SYNC=1.</summary>
    public bool LaunchByLaunch { get; init; }

    /// <summary>Further options of the runtime compiler.</summary>
    public IReadOnlyList<string> CompilerOptions { get; init; } = [];

    /// <summary>Where compiled kernels are kept; null for the user's cache.</summary>
    public CubinCache? Cache { get; init; }
}
