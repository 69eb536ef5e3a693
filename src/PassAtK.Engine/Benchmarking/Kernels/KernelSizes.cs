namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>The sizes of one kernel benchmark; each kernel reads those that it has.</summary>
/// <param name="Batch">Rows.</param>
/// <param name="Vocabulary">Logits of a row.</param>
/// <param name="Context">Positions that each row attends to.</param>
/// <param name="Siblings">Rows that share their context physically; divides the batch.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key/value heads.</param>
/// <param name="HeadDimension">Elements of a head.</param>
/// <param name="Inputs">Width of a product's rows.</param>
/// <param name="Outputs">Rows of its weights.</param>
/// <param name="Bytes">Bytes of a copy.</param>
/// <param name="Repetitions">Timed replays.</param>
public sealed record KernelSizes(
    int Batch, int Vocabulary, int Context, int Siblings, int Heads, int KeyValueHeads, int HeadDimension, int Inputs, int Outputs, long Bytes,
    int Repetitions)
{
    /// <summary>Sizes that a CPU bears, for trying a benchmark on the SIMT device.</summary>
    public KernelSizes Small() => this with
    {
        Batch = Math.Min(Batch, 4),
        Vocabulary = Math.Min(Vocabulary, 1000),
        Context = Math.Min(Context, 80),
        Siblings = Math.Min(Siblings, 4),
        Heads = Math.Min(Heads, 4),
        KeyValueHeads = Math.Min(KeyValueHeads, 2),
        HeadDimension = Math.Min(HeadDimension, 64),
        Inputs = Math.Min(Inputs, 64),
        Outputs = Math.Min(Outputs, 64),
        Bytes = Math.Min(Bytes, 1 << 16),
        Repetitions = 1,
    };
}
