using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// What becomes of a layer's projected heads `[rows, Stride]` (queries, keys, values) before attention: norms where the model has them,
/// rotary embedding, and keys and values into the cache.
/// </summary>
internal sealed record HeadPhase(
    ModelConfig Config, AttentionPlan Plan, KeyValueCache Cache, RopeTable Rope, NativeBuffer Heads, int Stride)
{
    public int Layer { get; set; }

    public NativeBuffer? QueryNorm { get; set; }

    public NativeBuffer? KeyNorm { get; set; }
}
