using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Distances between a model's rows in device memory, in elements: multiples of 8, so that every row starts at 16 bytes. What lies beyond
/// the model's own width is zeros in the weights, and counts as zero in every kernel.
/// </summary>
internal sealed record DeviceShape(ModelConfig Config)
{
    public int Hidden => Padded(Config.HiddenSize);

    public int FeedForward => Padded(Config.IntermediateSize);

    /// <summary>All query heads.</summary>
    public int Queries => Config.QuerySize;

    /// <summary>Query, key and value heads side by side.</summary>
    public int Heads => Config.QuerySize + (2 * Config.KeyValueSize);

    /// <summary>A row of logits.</summary>
    public int Vocabulary => Padded(Config.VocabularySize);

    private static int Padded(int width) => RowLayout.Stride(width);

    /// <exception cref="InputException">The kernels have no code for a model of this shape.</exception>
    public void Validate()
    {
        if (Config.HeadDimension % 16 != 0 || Config.HeadDimension > AttentionKernels.MaxHeadDimension)
            throw Refusal("head dimension", Config.HeadDimension, $"a multiple of 16 up to {AttentionKernels.MaxHeadDimension}");
        if (Config.HeadsPerKeyValueHead > AttentionKernels.MaxGroup)
            throw Refusal("query heads per key/value head", Config.HeadsPerKeyValueHead, $"at most {AttentionKernels.MaxGroup}");
        if (Config.HiddenSize > RmsNorm.MaxHidden)
            throw Refusal("hidden size", Config.HiddenSize, $"at most {RmsNorm.MaxHidden}");
        if (Config.VocabularySize > SampleNucleus.MostTokens)
            throw Refusal("vocabulary size", Config.VocabularySize, $"at most {SampleNucleus.MostTokens}");
    }

    private static InputException Refusal(string what, int value, string expected) =>
        new($"{what} is {value}, expected {expected} on CUDA: run this model on the CPU.");
}
