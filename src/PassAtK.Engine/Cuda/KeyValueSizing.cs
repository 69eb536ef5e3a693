using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>How many blocks the KV cache gets: as told, or what fits the memory told, or most of the memory that is left.</summary>
internal sealed class KeyValueSizing(CudaContext context, ModelConfig config, CudaBackendOptions options)
{
    /// <summary>The cache's part of the free memory; the rest is for steps that need more room than usual.</summary>
    private const double FreePart = 0.9;

    /// <summary>Positions that a sequence can reach in the cache, or a little more.</summary>
    public int MostPositions() => (int)Math.Min(config.MaxPositions, (long)Blocks() * BlockTable.BlockSize);

    /// <exception cref="InputException">There is no room for a block.</exception>
    public int Blocks()
    {
        if (options.KeyValueBlocks > 0)
            return options.KeyValueBlocks;
        var bytes = options.KeyValueBytes > 0 ? options.KeyValueBytes : (long)(FreePart * context.Memory().Free);
        var blocks = bytes / KeyValueMemory.BlockBytes(config);
        if (options.KeyValueBytes == 0 && options.MostKeyValueBlocks > 0)
            blocks = Math.Min(blocks, options.MostKeyValueBlocks);
        return blocks > 0
            ? (int)Math.Min(blocks, int.MaxValue / BlockTable.BlockSize)
            : throw new InputException(
                $"KV cache bytes is {bytes}, expected at least {KeyValueMemory.BlockBytes(config)}, one block of this model.");
    }
}
