using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// The KV cache in one piece of device memory, `[layer][block][keys, values][kv head][16][head dimension]` of two-byte elements. Zeros at
/// first: a partly filled block is copied whole.
/// </summary>
internal sealed class KeyValueMemory : IDisposable
{
    private readonly CudaDeviceVariable<ushort> _memory;

    /// <exception cref="CudaException">The device has no room for it.</exception>
    public KeyValueMemory(CudaContext context, ModelConfig config, int blocks)
    {
        BlockCount = blocks;
        BlockElements = BlockElementsOf(config);
        _memory = DeviceAllocation.Of<ushort>(context, LayerElements * config.LayerCount, "the KV cache", "make it smaller (--kv-cache)");
        try
        {
            _memory.Fill(0);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    public int BlockCount { get; }

    /// <summary>Elements of a block of a layer.</summary>
    public int BlockElements { get; }

    /// <summary>Elements of a layer.</summary>
    public long LayerElements => (long)BlockCount * BlockElements;

    public long Size => _memory.SizeInBytes;

    public DevicePointer Layer(int layer) => _memory.At(layer * LayerElements);

    /// <summary>Bytes of a block of all layers.</summary>
    public static long BlockBytes(ModelConfig config) => (long)BlockElementsOf(config) * config.LayerCount * sizeof(ushort);

    /// <summary>Overwrites the whole cache.</summary>
    internal void Fill(byte value) => _memory.Fill(value);

    public void Dispose() => _memory.Dispose();

    private static int BlockElementsOf(ModelConfig config) => 2 * config.KeyValueSize * BlockTable.BlockSize;
}
