using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Widths of a model's rows in device memory, in elements: multiples of 8, so that every row starts at 16 bytes. Weights and activations
/// beyond the model's own widths are zeros, which no sum notices; only the mean square of a hidden row must still divide by the model's
/// width, for which <see cref="NormScale"/> and <see cref="NormEpsilon"/> make up.
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

    /// <summary>
    /// Factor on the weights of the norms of hidden rows, f = sqrt(model's width / width here): x w f / sqrt(sum / width here + epsilon f^2)
    /// = x w / sqrt(sum / model's width + epsilon). Exactly 1 where nothing is padded.
    /// </summary>
    public float NormScale => (float)Math.Sqrt((double)Config.HiddenSize / Hidden);

    public float NormEpsilon => (float)(Config.RmsNormEpsilon * ((double)Config.HiddenSize / Hidden));

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
