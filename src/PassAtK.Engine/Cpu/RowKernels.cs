using System.Runtime.CompilerServices;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// What happens to one row at a time. Callers guarantee: lengths are multiples of 16 floats, padded with zeros where the data is
/// shorter, and every pointer covers its length.
/// </summary>
internal static unsafe class RowKernels<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    /// <summary>
    /// destination = source / sqrt(mean(source^2) + epsilon) * weight. `length` is the padded length, `width` the true one. The squares
    /// are summed in 16 chains (lane i takes elements i, i + 16, ...) and the chains in a fixed tree.
    /// </summary>
    public static void RmsNorm(float* source, float* weight, float* destination, int length, int width, float epsilon)
    {
        var chains = stackalloc float[16];
        for (var lane = 0; lane < 16; lane += TSimd.Lanes)
        {
            var sum = TSimd.Zero;
            for (var i = lane; i < length; i += 16)
            {
                var x = TSimd.Load(source + i);
                sum = TSimd.Fma(x, x, sum);
            }
            TSimd.Store(sum, chains + lane);
        }
        var scale = TSimd.Broadcast(1 / MathF.Sqrt((TSimd.Sum16(chains) / width) + epsilon));
        for (var i = 0; i < length; i += TSimd.Lanes)
            TSimd.Store(TSimd.Multiply(TSimd.Multiply(TSimd.Load(source + i), scale), TSimd.Load(weight + i)), destination + i);
    }

    /// <summary>Rotates the pairs (i, i + half) of a head by their angles and multiplies by <paramref name="scale"/>.</summary>
    public static void Rotate(float* head, float* cosines, float* sines, int half, float scale)
    {
        var factor = TSimd.Broadcast(scale);
        var i = 0;
        for (; i + TSimd.Lanes <= half; i += TSimd.Lanes)
        {
            V x = TSimd.Load(head + i), y = TSimd.Load(head + half + i), cosine = TSimd.Load(cosines + i), sine = TSimd.Load(sines + i);
            var first = TSimd.Subtract(TSimd.Multiply(x, cosine), TSimd.Multiply(y, sine));
            var second = TSimd.Add(TSimd.Multiply(y, cosine), TSimd.Multiply(x, sine));
            TSimd.Store(TSimd.Multiply(first, factor), head + i);
            TSimd.Store(TSimd.Multiply(second, factor), head + half + i);
        }
        for (; i < half; i++)
        {
            float x = head[i], y = head[half + i];
            head[i] = ((x * cosines[i]) - (y * sines[i])) * scale;
            head[half + i] = ((y * cosines[i]) + (x * sines[i])) * scale;
        }
    }

    /// <summary>A token's row of a packed matrix `[tokens, width]`, in F32.</summary>
    public static void Gather(PackedMatrix matrix, int row, float* destination)
    {
        var (panel, lane) = Math.DivRem(row, PackedMatrix.PanelOutputs);
        var source = (uint*)(matrix.Data.Bytes + (panel * matrix.PanelBytes)) + lane;
        var words = matrix.Type == DataType.F32 ? matrix.Inputs : matrix.Pairs;
        for (var i = 0; i < words; i++, source += PackedMatrix.PanelOutputs)
        {
            if (matrix.Type == DataType.F32)
                destination[i] = BitConverter.UInt32BitsToSingle(*source);
            else
                (destination[2 * i], destination[(2 * i) + 1]) = Expand(matrix.Type, *source);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Even, float Odd) Expand(DataType type, uint pair) => type == DataType.BF16
        ? (BitConverter.UInt32BitsToSingle(pair << 16), BitConverter.UInt32BitsToSingle(pair & 0xFFFF0000))
        : ((float)BitConverter.UInt16BitsToHalf((ushort)pair), (float)BitConverter.UInt16BitsToHalf((ushort)(pair >> 16)));
}
