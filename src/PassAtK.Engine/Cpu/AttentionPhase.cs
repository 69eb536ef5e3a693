using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// What the attention of one layer reads and writes: queries `[rows, QueriesStride]`, rotated and divided by the square root of the head
/// dimension, and the heads' outputs one after the other, `[rows, OutputStride]`.
/// </summary>
internal sealed record AttentionPhase(
    ModelConfig Config, AttentionPlan Plan, KeyValueCache Cache, NativeBuffer Queries, int QueriesStride, NativeBuffer Output, int OutputStride)
{
    public int Layer { get; set; }

    /// <summary>Most queries in a task: rows times the heads of one key/value head.</summary>
    public int TaskQueries => AttentionPlan.TaskRows * Config.HeadsPerKeyValueHead;

    /// <summary>Floats of scratch memory for each worker, see `AttentionKernels`.</summary>
    public long ScratchFloats => (TaskQueries * ((3L * Cache.ValueStride) + 4)) + (8 * (AttentionPlan.TileSize + 2));
}
