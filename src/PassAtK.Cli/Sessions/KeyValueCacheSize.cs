using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;

namespace PassAtK.Cli.Sessions;

/// <summary>
/// How large a KV cache is made where --kv-cache does not say. It decides speed alone: a small one preempts and computes again.
/// </summary>
internal static class KeyValueCacheSize
{
    /// <summary>
    /// Blocks for every row of a step at its longest, and half as many again for branches that wait; at most 40% of the memory, but never
    /// less than one sample needs.
    /// </summary>
    public static int Blocks(ModelConfig config, long longestSample, int maxRows)
    {
        var perSample = PerSample(config, longestSample);
        var wanted = Wanted(config, longestSample, maxRows);
        var blockBytes = 2L * config.LayerCount * config.KeyValueSize * BlockTable.BlockSize * sizeof(float);
        var affordable = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 2 / 5 / blockBytes;
        return (int)Math.Clamp(wanted, perSample, Math.Max(perSample, Math.Min(affordable, int.MaxValue)));
    }

    /// <summary>Blocks for every row of a step at its longest, and half as many again for branches that wait: more are of no use.</summary>
    public static int Wanted(ModelConfig config, long longestSample, int maxRows) =>
        (int)Math.Min((long)PerSample(config, longestSample) * maxRows * 3 / 2, int.MaxValue);

    private static int PerSample(ModelConfig config, long longestSample)
    {
        var positions = (int)Math.Min(longestSample, config.MaxPositions);
        return ((positions + BlockTable.BlockSize - 1) / BlockTable.BlockSize) + 1;
    }
}
