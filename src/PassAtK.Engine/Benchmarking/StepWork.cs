using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Benchmarking;

/// <summary>Bytes of an element of weights and of keys and values, as the backend at hand holds them.</summary>
public readonly record struct ElementSizes(int Weight, int KeyValue)
{
    /// <summary>The CUDA backend's: BF16 or F16 throughout.</summary>
    public static ElementSizes Device => new(2, 2);

    /// <summary>The CPU backend's: weights in their own type, keys and values in F32.</summary>
    public static ElementSizes Processor(DataType weights) => new(weights == DataType.F32 ? 4 : 2, sizeof(float));
}

/// <summary>
/// The least work of a decoding step, counted from the model's shape: every weight read once, every position's keys and values read once,
/// and two operations for each multiply-add. Norms and activations are left out: they are small beside these.
/// </summary>
/// <param name="Products">Bytes of all matrices that take part in products; the embedding counts where it is the output projection.</param>
/// <param name="Attention">Bytes of keys and values; operations of scores and weighted values.</param>
/// <param name="Sampling">Bytes of the rows of logits in F32, read once.</param>
public sealed record StepWork(PhaseWork Products, PhaseWork Attention, PhaseWork Sampling)
{
    /// <summary>Bytes of weights.</summary>
    public long WeightBytes => (long)Products.Bytes;

    /// <summary>Bytes of keys and values.</summary>
    public long KeyValueBytes => (long)Attention.Bytes;

    /// <summary>Operations of the products and of attention.</summary>
    public double Flops => Products.Flops + Attention.Flops;

    /// <param name="config">The model.</param>
    /// <param name="rows">Rows of the step, on average over steps.</param>
    /// <param name="context">Positions that each row attends to, on average.</param>
    /// <param name="shared">Positions of them that all rows have in common and that are read once for all.</param>
    /// <param name="sizes">Bytes of an element; two by default.</param>
    public static StepWork Of(ModelConfig config, double rows, double context, double shared = 0, ElementSizes? sizes = null)
    {
        var (weightSize, keyValueSize) = sizes is { } given ? (given.Weight, given.KeyValue) : (2, 2);
        long hidden = config.HiddenSize;
        var layer = (hidden * (config.QuerySize + (2L * config.KeyValueSize))) + (config.QuerySize * hidden) + (3 * hidden * config.IntermediateSize);
        var weights = (config.LayerCount * layer) + (hidden * config.VocabularySize);
        var keyValues = 2.0 * config.KeyValueSize * config.LayerCount * (shared + (rows * (context - shared)));
        // Scores and weighted values: a multiply-add each for every query element and position.
        var attention = 4.0 * config.QuerySize * config.LayerCount * context * rows;
        return new StepWork(
            new PhaseWork((double)weightSize * weights, 2.0 * weights * rows), new PhaseWork(keyValueSize * keyValues, attention),
            new PhaseWork(sizeof(float) * rows * config.VocabularySize, 0));
    }

    /// <summary>
    /// Seconds that the step takes at least: its bytes at the measured bandwidth or its operations at the measured rate, whichever is
    /// longer.
    /// </summary>
    public double Floor(double bytesPerSecond, double flopsPerSecond) =>
        Math.Max((Products.Bytes + Attention.Bytes) / bytesPerSecond, Flops / flopsPerSecond);
}
