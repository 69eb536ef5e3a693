using System.Runtime.CompilerServices;
using PassAtK.Engine.Execution;
using static PassAtK.Engine.Cpu.AttentionPlan;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// The two small matrix products of attention, for 8, 4, 3, 2 or 1 queries against a tile of 64 positions (4 blocks), in register tiles
/// of queries times two vectors. A score is one chain of fused multiply-adds over ascending dimensions, an output one over ascending
/// positions, whatever the register tile. Written out row by row since only locals live in registers.
/// </summary>
internal static unsafe class AttentionTileKernels<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    /// <summary>
    /// scores[i][j] = q[i] . k[j] for positions j below `count` (and arbitrary numbers above). `q` is `[rows, stride]`, `keys` points
    /// to 4 blocks of `[dimension, 16]`, `scores` is `[rows, 64]`.
    /// </summary>
    public static void Scores(int rows, float* q, nint stride, float** keys, int dimension, int count, float* scores)
    {
        for (var position = 0; position < count; position += 2 * TSimd.Lanes)
        {
            var first = keys[position / BlockTable.BlockSize] + (position % BlockTable.BlockSize);
            var next = position + TSimd.Lanes;
            var second = keys[next / BlockTable.BlockSize] + (next % BlockTable.BlockSize);
            if (rows == 8)
                Scores8(q, stride, first, second, dimension, scores + position);
            else if (rows == 4)
                Scores4(q, stride, first, second, dimension, scores + position);
            else if (rows == 3)
                Scores3(q, stride, first, second, dimension, scores + position);
            else if (rows == 2)
                Scores2(q, stride, first, second, dimension, scores + position);
            else
                Scores1(q, first, second, dimension, scores + position);
        }
    }

    /// <summary>
    /// o[i] = o[i] * rescale[i] + sum over positions j below `count` of p[i][j] * v[j]. `p` is `[rows, 64]`, `values` points to 4 blocks
    /// of `[16, stride]`, `o` is `[rows, stride]`; stride is a multiple of 32.
    /// </summary>
    public static void Values(int rows, float* p, float* rescale, float** values, int count, float* o, nint stride)
    {
        for (nint d = 0; d < stride; d += 2 * TSimd.Lanes)
        {
            if (rows == 8)
                Values8(p, rescale, values, d, count, o + d, stride);
            else if (rows == 4)
                Values4(p, rescale, values, d, count, o + d, stride);
            else if (rows == 3)
                Values3(p, rescale, values, d, count, o + d, stride);
            else if (rows == 2)
                Values2(p, rescale, values, d, count, o + d, stride);
            else
                Values1(p, rescale, values, d, count, o + d, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores8(float* q, nint stride, float* k, float* l, int dimension, float* scores)
    {
        V s00 = TSimd.Zero, s01 = TSimd.Zero;
        V s10 = TSimd.Zero, s11 = TSimd.Zero;
        V s20 = TSimd.Zero, s21 = TSimd.Zero;
        V s30 = TSimd.Zero, s31 = TSimd.Zero;
        V s40 = TSimd.Zero, s41 = TSimd.Zero;
        V s50 = TSimd.Zero, s51 = TSimd.Zero;
        V s60 = TSimd.Zero, s61 = TSimd.Zero;
        V s70 = TSimd.Zero, s71 = TSimd.Zero;
        var stride2 = 2 * stride;
        var stride3 = 3 * stride;
        var stride4 = 4 * stride;
        var stride5 = 5 * stride;
        var stride6 = 6 * stride;
        var stride7 = 7 * stride;
        for (var d = 0; d < dimension; d++, q++, k += BlockTable.BlockSize, l += BlockTable.BlockSize)
        {
            V k0 = TSimd.Load(k), k1 = TSimd.Load(l);
            var x = TSimd.Broadcast(q[0]);
            s00 = TSimd.Fma(x, k0, s00);
            s01 = TSimd.Fma(x, k1, s01);
            x = TSimd.Broadcast(q[stride]);
            s10 = TSimd.Fma(x, k0, s10);
            s11 = TSimd.Fma(x, k1, s11);
            x = TSimd.Broadcast(q[stride2]);
            s20 = TSimd.Fma(x, k0, s20);
            s21 = TSimd.Fma(x, k1, s21);
            x = TSimd.Broadcast(q[stride3]);
            s30 = TSimd.Fma(x, k0, s30);
            s31 = TSimd.Fma(x, k1, s31);
            x = TSimd.Broadcast(q[stride4]);
            s40 = TSimd.Fma(x, k0, s40);
            s41 = TSimd.Fma(x, k1, s41);
            x = TSimd.Broadcast(q[stride5]);
            s50 = TSimd.Fma(x, k0, s50);
            s51 = TSimd.Fma(x, k1, s51);
            x = TSimd.Broadcast(q[stride6]);
            s60 = TSimd.Fma(x, k0, s60);
            s61 = TSimd.Fma(x, k1, s61);
            x = TSimd.Broadcast(q[stride7]);
            s70 = TSimd.Fma(x, k0, s70);
            s71 = TSimd.Fma(x, k1, s71);
        }
        StorePair(s00, s01, scores);
        StorePair(s10, s11, scores + (1 * TileSize));
        StorePair(s20, s21, scores + (2 * TileSize));
        StorePair(s30, s31, scores + (3 * TileSize));
        StorePair(s40, s41, scores + (4 * TileSize));
        StorePair(s50, s51, scores + (5 * TileSize));
        StorePair(s60, s61, scores + (6 * TileSize));
        StorePair(s70, s71, scores + (7 * TileSize));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores4(float* q, nint stride, float* k, float* l, int dimension, float* scores)
    {
        V s00 = TSimd.Zero, s01 = TSimd.Zero;
        V s10 = TSimd.Zero, s11 = TSimd.Zero;
        V s20 = TSimd.Zero, s21 = TSimd.Zero;
        V s30 = TSimd.Zero, s31 = TSimd.Zero;
        var stride2 = 2 * stride;
        var stride3 = 3 * stride;
        for (var d = 0; d < dimension; d++, q++, k += BlockTable.BlockSize, l += BlockTable.BlockSize)
        {
            V k0 = TSimd.Load(k), k1 = TSimd.Load(l);
            var x = TSimd.Broadcast(q[0]);
            s00 = TSimd.Fma(x, k0, s00);
            s01 = TSimd.Fma(x, k1, s01);
            x = TSimd.Broadcast(q[stride]);
            s10 = TSimd.Fma(x, k0, s10);
            s11 = TSimd.Fma(x, k1, s11);
            x = TSimd.Broadcast(q[stride2]);
            s20 = TSimd.Fma(x, k0, s20);
            s21 = TSimd.Fma(x, k1, s21);
            x = TSimd.Broadcast(q[stride3]);
            s30 = TSimd.Fma(x, k0, s30);
            s31 = TSimd.Fma(x, k1, s31);
        }
        StorePair(s00, s01, scores);
        StorePair(s10, s11, scores + (1 * TileSize));
        StorePair(s20, s21, scores + (2 * TileSize));
        StorePair(s30, s31, scores + (3 * TileSize));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores3(float* q, nint stride, float* k, float* l, int dimension, float* scores)
    {
        V s00 = TSimd.Zero, s01 = TSimd.Zero;
        V s10 = TSimd.Zero, s11 = TSimd.Zero;
        V s20 = TSimd.Zero, s21 = TSimd.Zero;
        var stride2 = 2 * stride;
        for (var d = 0; d < dimension; d++, q++, k += BlockTable.BlockSize, l += BlockTable.BlockSize)
        {
            V k0 = TSimd.Load(k), k1 = TSimd.Load(l);
            var x = TSimd.Broadcast(q[0]);
            s00 = TSimd.Fma(x, k0, s00);
            s01 = TSimd.Fma(x, k1, s01);
            x = TSimd.Broadcast(q[stride]);
            s10 = TSimd.Fma(x, k0, s10);
            s11 = TSimd.Fma(x, k1, s11);
            x = TSimd.Broadcast(q[stride2]);
            s20 = TSimd.Fma(x, k0, s20);
            s21 = TSimd.Fma(x, k1, s21);
        }
        StorePair(s00, s01, scores);
        StorePair(s10, s11, scores + (1 * TileSize));
        StorePair(s20, s21, scores + (2 * TileSize));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores2(float* q, nint stride, float* k, float* l, int dimension, float* scores)
    {
        V s00 = TSimd.Zero, s01 = TSimd.Zero;
        V s10 = TSimd.Zero, s11 = TSimd.Zero;
        for (var d = 0; d < dimension; d++, q++, k += BlockTable.BlockSize, l += BlockTable.BlockSize)
        {
            V k0 = TSimd.Load(k), k1 = TSimd.Load(l);
            var x = TSimd.Broadcast(q[0]);
            s00 = TSimd.Fma(x, k0, s00);
            s01 = TSimd.Fma(x, k1, s01);
            x = TSimd.Broadcast(q[stride]);
            s10 = TSimd.Fma(x, k0, s10);
            s11 = TSimd.Fma(x, k1, s11);
        }
        StorePair(s00, s01, scores);
        StorePair(s10, s11, scores + (1 * TileSize));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scores1(float* q, float* k, float* l, int dimension, float* scores)
    {
        V s00 = TSimd.Zero, s01 = TSimd.Zero;
        for (var d = 0; d < dimension; d++, q++, k += BlockTable.BlockSize, l += BlockTable.BlockSize)
        {
            V k0 = TSimd.Load(k), k1 = TSimd.Load(l);
            var x = TSimd.Broadcast(q[0]);
            s00 = TSimd.Fma(x, k0, s00);
            s01 = TSimd.Fma(x, k1, s01);
        }
        StorePair(s00, s01, scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Values8(float* p, float* rescale, float** values, nint d, int count, float* o, nint stride)
    {
        LoadPair(o, rescale[0], out var o00, out var o01);
        LoadPair(o + stride, rescale[1], out var o10, out var o11);
        LoadPair(o + (2 * stride), rescale[2], out var o20, out var o21);
        LoadPair(o + (3 * stride), rescale[3], out var o30, out var o31);
        LoadPair(o + (4 * stride), rescale[4], out var o40, out var o41);
        LoadPair(o + (5 * stride), rescale[5], out var o50, out var o51);
        LoadPair(o + (6 * stride), rescale[6], out var o60, out var o61);
        LoadPair(o + (7 * stride), rescale[7], out var o70, out var o71);
        for (var first = 0; first < count; first += BlockTable.BlockSize, values++)
        {
            var v = *values + d;
            for (var end = p + Math.Min(BlockTable.BlockSize, count - first); p < end; p++, v += stride)
            {
                V v0 = TSimd.Load(v), v1 = TSimd.Load(v + TSimd.Lanes);
                var x = TSimd.Broadcast(p[0]);
                o00 = TSimd.Fma(x, v0, o00);
                o01 = TSimd.Fma(x, v1, o01);
                x = TSimd.Broadcast(p[TileSize]);
                o10 = TSimd.Fma(x, v0, o10);
                o11 = TSimd.Fma(x, v1, o11);
                x = TSimd.Broadcast(p[2 * TileSize]);
                o20 = TSimd.Fma(x, v0, o20);
                o21 = TSimd.Fma(x, v1, o21);
                x = TSimd.Broadcast(p[3 * TileSize]);
                o30 = TSimd.Fma(x, v0, o30);
                o31 = TSimd.Fma(x, v1, o31);
                x = TSimd.Broadcast(p[4 * TileSize]);
                o40 = TSimd.Fma(x, v0, o40);
                o41 = TSimd.Fma(x, v1, o41);
                x = TSimd.Broadcast(p[5 * TileSize]);
                o50 = TSimd.Fma(x, v0, o50);
                o51 = TSimd.Fma(x, v1, o51);
                x = TSimd.Broadcast(p[6 * TileSize]);
                o60 = TSimd.Fma(x, v0, o60);
                o61 = TSimd.Fma(x, v1, o61);
                x = TSimd.Broadcast(p[7 * TileSize]);
                o70 = TSimd.Fma(x, v0, o70);
                o71 = TSimd.Fma(x, v1, o71);
            }
        }
        StorePair(o00, o01, o);
        StorePair(o10, o11, o + stride);
        StorePair(o20, o21, o + (2 * stride));
        StorePair(o30, o31, o + (3 * stride));
        StorePair(o40, o41, o + (4 * stride));
        StorePair(o50, o51, o + (5 * stride));
        StorePair(o60, o61, o + (6 * stride));
        StorePair(o70, o71, o + (7 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Values4(float* p, float* rescale, float** values, nint d, int count, float* o, nint stride)
    {
        LoadPair(o, rescale[0], out var o00, out var o01);
        LoadPair(o + stride, rescale[1], out var o10, out var o11);
        LoadPair(o + (2 * stride), rescale[2], out var o20, out var o21);
        LoadPair(o + (3 * stride), rescale[3], out var o30, out var o31);
        for (var first = 0; first < count; first += BlockTable.BlockSize, values++)
        {
            var v = *values + d;
            for (var end = p + Math.Min(BlockTable.BlockSize, count - first); p < end; p++, v += stride)
            {
                V v0 = TSimd.Load(v), v1 = TSimd.Load(v + TSimd.Lanes);
                var x = TSimd.Broadcast(p[0]);
                o00 = TSimd.Fma(x, v0, o00);
                o01 = TSimd.Fma(x, v1, o01);
                x = TSimd.Broadcast(p[TileSize]);
                o10 = TSimd.Fma(x, v0, o10);
                o11 = TSimd.Fma(x, v1, o11);
                x = TSimd.Broadcast(p[2 * TileSize]);
                o20 = TSimd.Fma(x, v0, o20);
                o21 = TSimd.Fma(x, v1, o21);
                x = TSimd.Broadcast(p[3 * TileSize]);
                o30 = TSimd.Fma(x, v0, o30);
                o31 = TSimd.Fma(x, v1, o31);
            }
        }
        StorePair(o00, o01, o);
        StorePair(o10, o11, o + stride);
        StorePair(o20, o21, o + (2 * stride));
        StorePair(o30, o31, o + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Values3(float* p, float* rescale, float** values, nint d, int count, float* o, nint stride)
    {
        LoadPair(o, rescale[0], out var o00, out var o01);
        LoadPair(o + stride, rescale[1], out var o10, out var o11);
        LoadPair(o + (2 * stride), rescale[2], out var o20, out var o21);
        for (var first = 0; first < count; first += BlockTable.BlockSize, values++)
        {
            var v = *values + d;
            for (var end = p + Math.Min(BlockTable.BlockSize, count - first); p < end; p++, v += stride)
            {
                V v0 = TSimd.Load(v), v1 = TSimd.Load(v + TSimd.Lanes);
                var x = TSimd.Broadcast(p[0]);
                o00 = TSimd.Fma(x, v0, o00);
                o01 = TSimd.Fma(x, v1, o01);
                x = TSimd.Broadcast(p[TileSize]);
                o10 = TSimd.Fma(x, v0, o10);
                o11 = TSimd.Fma(x, v1, o11);
                x = TSimd.Broadcast(p[2 * TileSize]);
                o20 = TSimd.Fma(x, v0, o20);
                o21 = TSimd.Fma(x, v1, o21);
            }
        }
        StorePair(o00, o01, o);
        StorePair(o10, o11, o + stride);
        StorePair(o20, o21, o + (2 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Values2(float* p, float* rescale, float** values, nint d, int count, float* o, nint stride)
    {
        LoadPair(o, rescale[0], out var o00, out var o01);
        LoadPair(o + stride, rescale[1], out var o10, out var o11);
        for (var first = 0; first < count; first += BlockTable.BlockSize, values++)
        {
            var v = *values + d;
            for (var end = p + Math.Min(BlockTable.BlockSize, count - first); p < end; p++, v += stride)
            {
                V v0 = TSimd.Load(v), v1 = TSimd.Load(v + TSimd.Lanes);
                var x = TSimd.Broadcast(p[0]);
                o00 = TSimd.Fma(x, v0, o00);
                o01 = TSimd.Fma(x, v1, o01);
                x = TSimd.Broadcast(p[TileSize]);
                o10 = TSimd.Fma(x, v0, o10);
                o11 = TSimd.Fma(x, v1, o11);
            }
        }
        StorePair(o00, o01, o);
        StorePair(o10, o11, o + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Values1(float* p, float* rescale, float** values, nint d, int count, float* o, nint stride)
    {
        LoadPair(o, rescale[0], out var o00, out var o01);
        for (var first = 0; first < count; first += BlockTable.BlockSize, values++)
        {
            var v = *values + d;
            for (var end = p + Math.Min(BlockTable.BlockSize, count - first); p < end; p++, v += stride)
            {
                V v0 = TSimd.Load(v), v1 = TSimd.Load(v + TSimd.Lanes);
                var x = TSimd.Broadcast(p[0]);
                o00 = TSimd.Fma(x, v0, o00);
                o01 = TSimd.Fma(x, v1, o01);
            }
        }
        StorePair(o00, o01, o);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadPair(float* source, float factor, out V first, out V second)
    {
        first = TSimd.Multiply(TSimd.Load(source), TSimd.Broadcast(factor));
        second = TSimd.Multiply(TSimd.Load(source + TSimd.Lanes), TSimd.Broadcast(factor));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(V first, V second, float* destination)
    {
        TSimd.Store(first, destination);
        TSimd.Store(second, destination + TSimd.Lanes);
    }
}
