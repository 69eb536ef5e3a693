using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using static PassAtK.Engine.Cpu.PackedMatrix;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Register tiles of C = A B^T: 8, 4, 2 or 1 rows of A times three vectors of a panel's outputs. Every element is one chain of fused
/// multiply-adds over ascending k, so its bits depend on neither the tile's height nor the vector's width.
/// The tiles are written out row by row since only locals live in registers: 8 x 3 accumulators, 3 weights and 1 activation are 28 of
/// the 32 vector registers of AVX-512.
/// Callers guarantee: `a` has `2 * pairs` floats in each of the tile's rows, `panel` has `pairs` pairs, `c` is `[rows, 48]`.
/// </summary>
internal static unsafe class GemmKernels<TSimd, V, TFormat>
    where TSimd : struct, ISimd<V>
    where V : struct
    where TFormat : struct, IPanelFormat
{
    /// <summary>One panel's outputs of consecutive rows of A into `c`; with <paramref name="resume"/>, on top of what `c` holds.</summary>
    public static void Panel(float* a, nint stride, int rows, byte* panel, int pairs, float* c, bool resume)
    {
        var ahead = PrefetchDistance.Bytes(rows, TFormat.PairBytes);
        for (; rows >= 8 && TSimd.TileRows >= 8; rows -= 8, a += 8 * stride, c += 8 * PanelOutputs)
        {
            for (var lane = 0; lane < PanelOutputs; lane += 3 * TSimd.Lanes)
                Tile8(a, stride, panel + (4 * lane), pairs, c + lane, resume, ahead);
        }
        for (; rows >= 4; rows -= 4, a += 4 * stride, c += 4 * PanelOutputs)
        {
            for (var lane = 0; lane < PanelOutputs; lane += 3 * TSimd.Lanes)
                Tile4(a, stride, panel + (4 * lane), pairs, c + lane, resume, ahead);
        }
        for (; rows >= 2; rows -= 2, a += 2 * stride, c += 2 * PanelOutputs)
        {
            for (var lane = 0; lane < PanelOutputs; lane += 3 * TSimd.Lanes)
                Tile2(a, stride, panel + (4 * lane), pairs, c + lane, resume, ahead);
        }
        if (rows == 1)
        {
            for (var lane = 0; lane < PanelOutputs; lane += 3 * TSimd.Lanes)
                Tile1(a, panel + (4 * lane), pairs, c + lane, resume, ahead);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(float* a, nint stride, byte* b, int pairs, float* c, bool resume, nint ahead)
    {
        V c00 = TSimd.Zero, c01 = TSimd.Zero, c02 = TSimd.Zero;
        V c10 = TSimd.Zero, c11 = TSimd.Zero, c12 = TSimd.Zero;
        V c20 = TSimd.Zero, c21 = TSimd.Zero, c22 = TSimd.Zero;
        V c30 = TSimd.Zero, c31 = TSimd.Zero, c32 = TSimd.Zero;
        V c40 = TSimd.Zero, c41 = TSimd.Zero, c42 = TSimd.Zero;
        V c50 = TSimd.Zero, c51 = TSimd.Zero, c52 = TSimd.Zero;
        V c60 = TSimd.Zero, c61 = TSimd.Zero, c62 = TSimd.Zero;
        V c70 = TSimd.Zero, c71 = TSimd.Zero, c72 = TSimd.Zero;
        if (resume)
        {
            LoadRow(c, out c00, out c01, out c02);
            LoadRow(c + (1 * PanelOutputs), out c10, out c11, out c12);
            LoadRow(c + (2 * PanelOutputs), out c20, out c21, out c22);
            LoadRow(c + (3 * PanelOutputs), out c30, out c31, out c32);
            LoadRow(c + (4 * PanelOutputs), out c40, out c41, out c42);
            LoadRow(c + (5 * PanelOutputs), out c50, out c51, out c52);
            LoadRow(c + (6 * PanelOutputs), out c60, out c61, out c62);
            LoadRow(c + (7 * PanelOutputs), out c70, out c71, out c72);
        }
        var stride2 = 2 * stride;
        var stride3 = 3 * stride;
        var stride4 = 4 * stride;
        var stride5 = 5 * stride;
        var stride6 = 6 * stride;
        var stride7 = 7 * stride;
        for (; pairs > 0; pairs--)
        {
            Prefetch(b + ahead);
            var b0 = TFormat.Even<TSimd, V>(b);
            var b1 = TFormat.Even<TSimd, V>(b + (4 * TSimd.Lanes));
            var b2 = TFormat.Even<TSimd, V>(b + (8 * TSimd.Lanes));
            var x = TSimd.Broadcast(a[0]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            x = TSimd.Broadcast(a[stride]);
            c10 = TSimd.Fma(x, b0, c10);
            c11 = TSimd.Fma(x, b1, c11);
            c12 = TSimd.Fma(x, b2, c12);
            x = TSimd.Broadcast(a[stride2]);
            c20 = TSimd.Fma(x, b0, c20);
            c21 = TSimd.Fma(x, b1, c21);
            c22 = TSimd.Fma(x, b2, c22);
            x = TSimd.Broadcast(a[stride3]);
            c30 = TSimd.Fma(x, b0, c30);
            c31 = TSimd.Fma(x, b1, c31);
            c32 = TSimd.Fma(x, b2, c32);
            x = TSimd.Broadcast(a[stride4]);
            c40 = TSimd.Fma(x, b0, c40);
            c41 = TSimd.Fma(x, b1, c41);
            c42 = TSimd.Fma(x, b2, c42);
            x = TSimd.Broadcast(a[stride5]);
            c50 = TSimd.Fma(x, b0, c50);
            c51 = TSimd.Fma(x, b1, c51);
            c52 = TSimd.Fma(x, b2, c52);
            x = TSimd.Broadcast(a[stride6]);
            c60 = TSimd.Fma(x, b0, c60);
            c61 = TSimd.Fma(x, b1, c61);
            c62 = TSimd.Fma(x, b2, c62);
            x = TSimd.Broadcast(a[stride7]);
            c70 = TSimd.Fma(x, b0, c70);
            c71 = TSimd.Fma(x, b1, c71);
            c72 = TSimd.Fma(x, b2, c72);
            b0 = TFormat.Odd<TSimd, V>(b);
            b1 = TFormat.Odd<TSimd, V>(b + (4 * TSimd.Lanes));
            b2 = TFormat.Odd<TSimd, V>(b + (8 * TSimd.Lanes));
            x = TSimd.Broadcast(a[1]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            x = TSimd.Broadcast(a[stride + 1]);
            c10 = TSimd.Fma(x, b0, c10);
            c11 = TSimd.Fma(x, b1, c11);
            c12 = TSimd.Fma(x, b2, c12);
            x = TSimd.Broadcast(a[stride2 + 1]);
            c20 = TSimd.Fma(x, b0, c20);
            c21 = TSimd.Fma(x, b1, c21);
            c22 = TSimd.Fma(x, b2, c22);
            x = TSimd.Broadcast(a[stride3 + 1]);
            c30 = TSimd.Fma(x, b0, c30);
            c31 = TSimd.Fma(x, b1, c31);
            c32 = TSimd.Fma(x, b2, c32);
            x = TSimd.Broadcast(a[stride4 + 1]);
            c40 = TSimd.Fma(x, b0, c40);
            c41 = TSimd.Fma(x, b1, c41);
            c42 = TSimd.Fma(x, b2, c42);
            x = TSimd.Broadcast(a[stride5 + 1]);
            c50 = TSimd.Fma(x, b0, c50);
            c51 = TSimd.Fma(x, b1, c51);
            c52 = TSimd.Fma(x, b2, c52);
            x = TSimd.Broadcast(a[stride6 + 1]);
            c60 = TSimd.Fma(x, b0, c60);
            c61 = TSimd.Fma(x, b1, c61);
            c62 = TSimd.Fma(x, b2, c62);
            x = TSimd.Broadcast(a[stride7 + 1]);
            c70 = TSimd.Fma(x, b0, c70);
            c71 = TSimd.Fma(x, b1, c71);
            c72 = TSimd.Fma(x, b2, c72);
            a += 2;
            b += TFormat.PairBytes;
        }
        StoreRow(c, c00, c01, c02);
        StoreRow(c + (1 * PanelOutputs), c10, c11, c12);
        StoreRow(c + (2 * PanelOutputs), c20, c21, c22);
        StoreRow(c + (3 * PanelOutputs), c30, c31, c32);
        StoreRow(c + (4 * PanelOutputs), c40, c41, c42);
        StoreRow(c + (5 * PanelOutputs), c50, c51, c52);
        StoreRow(c + (6 * PanelOutputs), c60, c61, c62);
        StoreRow(c + (7 * PanelOutputs), c70, c71, c72);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(float* a, nint stride, byte* b, int pairs, float* c, bool resume, nint ahead)
    {
        V c00 = TSimd.Zero, c01 = TSimd.Zero, c02 = TSimd.Zero;
        V c10 = TSimd.Zero, c11 = TSimd.Zero, c12 = TSimd.Zero;
        V c20 = TSimd.Zero, c21 = TSimd.Zero, c22 = TSimd.Zero;
        V c30 = TSimd.Zero, c31 = TSimd.Zero, c32 = TSimd.Zero;
        if (resume)
        {
            LoadRow(c, out c00, out c01, out c02);
            LoadRow(c + (1 * PanelOutputs), out c10, out c11, out c12);
            LoadRow(c + (2 * PanelOutputs), out c20, out c21, out c22);
            LoadRow(c + (3 * PanelOutputs), out c30, out c31, out c32);
        }
        var stride2 = 2 * stride;
        var stride3 = 3 * stride;
        for (; pairs > 0; pairs--)
        {
            Prefetch(b + ahead);
            var b0 = TFormat.Even<TSimd, V>(b);
            var b1 = TFormat.Even<TSimd, V>(b + (4 * TSimd.Lanes));
            var b2 = TFormat.Even<TSimd, V>(b + (8 * TSimd.Lanes));
            var x = TSimd.Broadcast(a[0]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            x = TSimd.Broadcast(a[stride]);
            c10 = TSimd.Fma(x, b0, c10);
            c11 = TSimd.Fma(x, b1, c11);
            c12 = TSimd.Fma(x, b2, c12);
            x = TSimd.Broadcast(a[stride2]);
            c20 = TSimd.Fma(x, b0, c20);
            c21 = TSimd.Fma(x, b1, c21);
            c22 = TSimd.Fma(x, b2, c22);
            x = TSimd.Broadcast(a[stride3]);
            c30 = TSimd.Fma(x, b0, c30);
            c31 = TSimd.Fma(x, b1, c31);
            c32 = TSimd.Fma(x, b2, c32);
            b0 = TFormat.Odd<TSimd, V>(b);
            b1 = TFormat.Odd<TSimd, V>(b + (4 * TSimd.Lanes));
            b2 = TFormat.Odd<TSimd, V>(b + (8 * TSimd.Lanes));
            x = TSimd.Broadcast(a[1]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            x = TSimd.Broadcast(a[stride + 1]);
            c10 = TSimd.Fma(x, b0, c10);
            c11 = TSimd.Fma(x, b1, c11);
            c12 = TSimd.Fma(x, b2, c12);
            x = TSimd.Broadcast(a[stride2 + 1]);
            c20 = TSimd.Fma(x, b0, c20);
            c21 = TSimd.Fma(x, b1, c21);
            c22 = TSimd.Fma(x, b2, c22);
            x = TSimd.Broadcast(a[stride3 + 1]);
            c30 = TSimd.Fma(x, b0, c30);
            c31 = TSimd.Fma(x, b1, c31);
            c32 = TSimd.Fma(x, b2, c32);
            a += 2;
            b += TFormat.PairBytes;
        }
        StoreRow(c, c00, c01, c02);
        StoreRow(c + (1 * PanelOutputs), c10, c11, c12);
        StoreRow(c + (2 * PanelOutputs), c20, c21, c22);
        StoreRow(c + (3 * PanelOutputs), c30, c31, c32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(float* a, nint stride, byte* b, int pairs, float* c, bool resume, nint ahead)
    {
        V c00 = TSimd.Zero, c01 = TSimd.Zero, c02 = TSimd.Zero;
        V c10 = TSimd.Zero, c11 = TSimd.Zero, c12 = TSimd.Zero;
        if (resume)
        {
            LoadRow(c, out c00, out c01, out c02);
            LoadRow(c + (1 * PanelOutputs), out c10, out c11, out c12);
        }
        for (; pairs > 0; pairs--)
        {
            if (ahead > 0)
                Prefetch(b + ahead);
            var b0 = TFormat.Even<TSimd, V>(b);
            var b1 = TFormat.Even<TSimd, V>(b + (4 * TSimd.Lanes));
            var b2 = TFormat.Even<TSimd, V>(b + (8 * TSimd.Lanes));
            var x = TSimd.Broadcast(a[0]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            x = TSimd.Broadcast(a[stride]);
            c10 = TSimd.Fma(x, b0, c10);
            c11 = TSimd.Fma(x, b1, c11);
            c12 = TSimd.Fma(x, b2, c12);
            b0 = TFormat.Odd<TSimd, V>(b);
            b1 = TFormat.Odd<TSimd, V>(b + (4 * TSimd.Lanes));
            b2 = TFormat.Odd<TSimd, V>(b + (8 * TSimd.Lanes));
            x = TSimd.Broadcast(a[1]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            x = TSimd.Broadcast(a[stride + 1]);
            c10 = TSimd.Fma(x, b0, c10);
            c11 = TSimd.Fma(x, b1, c11);
            c12 = TSimd.Fma(x, b2, c12);
            a += 2;
            b += TFormat.PairBytes;
        }
        StoreRow(c, c00, c01, c02);
        StoreRow(c + (1 * PanelOutputs), c10, c11, c12);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(float* a, byte* b, int pairs, float* c, bool resume, nint ahead)
    {
        V c00 = TSimd.Zero, c01 = TSimd.Zero, c02 = TSimd.Zero;
        if (resume)
        {
            LoadRow(c, out c00, out c01, out c02);
        }
        for (; pairs > 0; pairs--)
        {
            if (ahead > 0)
                Prefetch(b + ahead);
            var b0 = TFormat.Even<TSimd, V>(b);
            var b1 = TFormat.Even<TSimd, V>(b + (4 * TSimd.Lanes));
            var b2 = TFormat.Even<TSimd, V>(b + (8 * TSimd.Lanes));
            var x = TSimd.Broadcast(a[0]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            b0 = TFormat.Odd<TSimd, V>(b);
            b1 = TFormat.Odd<TSimd, V>(b + (4 * TSimd.Lanes));
            b2 = TFormat.Odd<TSimd, V>(b + (8 * TSimd.Lanes));
            x = TSimd.Broadcast(a[1]);
            c00 = TSimd.Fma(x, b0, c00);
            c01 = TSimd.Fma(x, b1, c01);
            c02 = TSimd.Fma(x, b2, c02);
            a += 2;
            b += TFormat.PairBytes;
        }
        StoreRow(c, c00, c01, c02);
    }

    /// <summary>A pair's weights. Beyond a panel's end lies the next panel, or memory that a prefetch may name without harm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* b)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(b);
        Sse.Prefetch0(b + 64);
        Sse.Prefetch0(b + 128);
        if (TFormat.PairBytes == 192)
            return;
        Sse.Prefetch0(b + 192);
        Sse.Prefetch0(b + 256);
        Sse.Prefetch0(b + 320);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadRow(float* c, out V c0, out V c1, out V c2)
    {
        c0 = TSimd.Load(c);
        c1 = TSimd.Load(c + TSimd.Lanes);
        c2 = TSimd.Load(c + (2 * TSimd.Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* c, V c0, V c1, V c2)
    {
        TSimd.Store(c0, c);
        TSimd.Store(c1, c + TSimd.Lanes);
        TSimd.Store(c2, c + (2 * TSimd.Lanes));
    }
}
