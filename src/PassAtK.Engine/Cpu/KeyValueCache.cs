using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Keys and values of all layers in F32, paged. A layer's block holds, for each key/value head, its 16 keys transposed
/// `[HeadDimension, 16]`, so that a vector spans positions, then its 16 values `[16, ValueStride]`, so that a vector spans dimensions.
/// What was never written is arbitrary; attention reads no value and uses no score beyond a row's own position.
/// </summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly NativeBuffer[] _layers;

    public KeyValueCache(ModelConfig config, int blocks)
    {
        BlockCount = blocks;
        HeadDimension = config.HeadDimension;
        ValueStride = StrideOf(config.HeadDimension);
        HeadFloats = HeadFloatsOf(config);
        BlockFloats = HeadFloats * config.KeyValueHeadCount;
        _layers = new NativeBuffer[config.LayerCount];
        for (var layer = 0; layer < _layers.Length; layer++)
            _layers[layer] = new NativeBuffer((long)blocks * BlockFloats * sizeof(float), zero: false);
    }

    public int BlockCount { get; }

    public int HeadDimension { get; }

    /// <summary>Head dimension rounded up to a multiple of 32; the padding of each value is zeros.</summary>
    public int ValueStride { get; }

    /// <summary>Floats of one head in a block of a layer.</summary>
    public int HeadFloats { get; }

    /// <summary>Floats of a block of a layer.</summary>
    public int BlockFloats { get; }

    public long Size => _layers.Sum(layer => layer.Size);

    public static int StrideOf(int headDimension) => (headDimension + 31) / 32 * 32;

    /// <summary>Bytes of a block of all layers.</summary>
    public static long BlockBytes(ModelConfig config) =>
        (long)HeadFloatsOf(config) * config.KeyValueHeadCount * config.LayerCount * sizeof(float);

    public NativeBuffer Layer(int layer) => _layers[layer];

    /// <summary>Copies whole blocks of one layer, in order.</summary>
    public void Copy(int layer, ReadOnlySpan<BlockCopy> copies)
    {
        foreach (var copy in copies)
        {
            var source = _layers[layer].Span<float>((long)copy.Source * BlockFloats, BlockFloats);
            source.CopyTo(_layers[layer].Span<float>((long)copy.Destination * BlockFloats, BlockFloats));
        }
    }

    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
    }

    private static int HeadFloatsOf(ModelConfig config) =>
        BlockTable.BlockSize * (config.HeadDimension + StrideOf(config.HeadDimension));
}
