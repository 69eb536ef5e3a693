using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Query, key and value heads of one row. A head is worked on in a copy that is padded with zeros, since heads of odd sizes stand
/// unaligned and unpadded side by side.
/// </summary>
internal static unsafe class HeadKernels<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    private const int MaxStride = 1024;

    public static void Row(HeadPhase phase, int row)
    {
        var config = phase.Config;
        var cache = phase.Cache;
        int dimension = config.HeadDimension, stride = cache.ValueStride;
        if (stride > MaxStride)
            throw new InputException($"head dimension is {dimension}, expected at most {MaxStride}.");
        var copy = stackalloc float[stride];
        new Span<float>(copy, stride).Clear();
        var position = phase.Plan.Position(row);
        var head = phase.Heads.Floats + ((long)row * phase.Stride);
        var scale = (float)(1 / Math.Sqrt(dimension));
        for (var i = 0; i < config.HeadCount; i++, head += dimension)
        {
            Prepare(phase, phase.QueryNorm, head, copy, position, scale);
            new ReadOnlySpan<float>(copy, dimension).CopyTo(new Span<float>(head, dimension));
        }
        var block = phase.Plan.Table(row)[position / BlockTable.BlockSize];
        var slot = position % BlockTable.BlockSize;
        var store = cache.Layer(phase.Layer).Floats + ((long)block * cache.BlockFloats);
        for (var i = 0; i < config.KeyValueHeadCount; i++, head += dimension)
        {
            Prepare(phase, phase.KeyNorm, head, copy, position, 1);
            var keys = store + ((long)i * cache.HeadFloats);
            for (var d = 0; d < dimension; d++)
                keys[(d * BlockTable.BlockSize) + slot] = copy[d];
        }
        for (var i = 0; i < config.KeyValueHeadCount; i++, head += dimension)
        {
            var value = store + ((long)i * cache.HeadFloats) + (BlockTable.BlockSize * dimension) + (slot * stride);
            new ReadOnlySpan<float>(head, dimension).CopyTo(new Span<float>(value, dimension));
            new Span<float>(value + dimension, stride - dimension).Clear();
        }
    }

    private static void Prepare(HeadPhase phase, NativeBuffer? norm, float* head, float* copy, int position, float scale)
    {
        var dimension = phase.Config.HeadDimension;
        var half = dimension / 2;
        new ReadOnlySpan<float>(head, dimension).CopyTo(new Span<float>(copy, dimension));
        if (norm is not null)
        {
            RowKernels<TSimd, V>.RmsNorm(
                copy, norm.Floats, copy, (dimension + 15) / 16 * 16, dimension, phase.Config.RmsNormEpsilon);
        }
        var angles = (long)position * half;
        RowKernels<TSimd, V>.Rotate(copy, phase.Rope.Cosines.Floats + angles, phase.Rope.Sines.Floats + angles, half, scale);
    }
}
