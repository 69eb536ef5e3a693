using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Benchmarking;

/// <summary>
/// The least work of a decoding step, counted from the model's shape: every weight read once, every row's own keys and values read once,
/// and two operations for each multiply-add. Norms, logits and activations are left out: they are small beside these.
/// </summary>
/// <param name="WeightBytes">Bytes of all matrices that take part in products, two an element; the embedding counts where it is the output projection.</param>
/// <param name="KeyValueBytes">Bytes of keys and values of all rows, two an element.</param>
/// <param name="Flops">Operations of the products and of attention.</param>
public sealed record StepWork(long WeightBytes, long KeyValueBytes, double Flops)
{
    /// <param name="config">The model.</param>
    /// <param name="rows">Rows of the step, none of which shares its context with another.</param>
    /// <param name="context">Positions that each row attends to.</param>
    public static StepWork Of(ModelConfig config, int rows, int context)
    {
        long hidden = config.HiddenSize;
        var layer = (hidden * (config.QuerySize + (2L * config.KeyValueSize))) + (config.QuerySize * hidden) + (3 * hidden * config.IntermediateSize);
        var weights = (config.LayerCount * layer) + (hidden * config.VocabularySize);
        var keyValues = 2L * config.KeyValueSize * config.LayerCount * context * rows;
        // Scores and weighted values: a multiply-add each for every query element and position.
        var attention = 4.0 * config.QuerySize * config.LayerCount * context * rows;
        return new StepWork(2 * weights, 2 * keyValues, (2.0 * weights * rows) + attention);
    }

    /// <summary>Seconds that the step takes at least: its bytes at the measured bandwidth or its operations at the measured rate, whichever is longer.</summary>
    public double Floor(double bytesPerSecond, double flopsPerSecond) =>
        Math.Max((WeightBytes + KeyValueBytes) / bytesPerSecond, Flops / flopsPerSecond);
}
