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

    public static int Padded(int width) => (width + 7) / 8 * 8;

    /// <exception cref="InputException">The kernels have no code for a model of this shape.</exception>
    public void Validate()
    {
        if (Config.HeadDimension % 16 != 0 || Config.HeadDimension > 128)
        {
            throw new InputException(
                $"head dimension is {Config.HeadDimension}, expected a multiple of 16 up to 128 on CUDA: run this model with --backend cpu.");
        }
    }
}
