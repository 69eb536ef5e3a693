using PassAtK.Engine.Cpu;

namespace PassAtK.Engine.Benchmarking;

/// <summary>
/// Loops that do one thing: read memory, or multiply and add in registers. Callers guarantee that ranges lie in their buffers.
/// </summary>
internal static unsafe class CeilingKernels<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    /// <summary>Independent chains: two units with a latency of 4 or 5 cycles are kept busy by 10.</summary>
    public const int Chains = 12;

    /// <summary>Reads `length` bytes, a multiple of 512, from byte `first` on, and returns something that depends on all of them.</summary>
    public static float Sum(NativeBuffer memory, long first, long length)
    {
        var source = (float*)(memory.Bytes + first);
        var end = source + (length / sizeof(float));
        V a = TSimd.Zero, b = TSimd.Zero, c = TSimd.Zero, d = TSimd.Zero;
        for (; source < end; source += 4 * TSimd.Lanes)
        {
            a = TSimd.Add(a, TSimd.Load(source));
            b = TSimd.Add(b, TSimd.Load(source + TSimd.Lanes));
            c = TSimd.Add(c, TSimd.Load(source + (2 * TSimd.Lanes)));
            d = TSimd.Add(d, TSimd.Load(source + (3 * TSimd.Lanes)));
        }
        return TSimd.First(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)));
    }

    /// <summary>Twelve chains of so many multiply-adds; `step` keeps them finite.</summary>
    public static float MultiplyAdd(int iterations, float step)
    {
        var factor = TSimd.Broadcast(1 - step);
        var addend = TSimd.Broadcast(step);
        V a = addend, b = addend, c = addend, d = addend, e = addend, f = addend;
        V g = addend, h = addend, i = addend, j = addend, k = addend, l = addend;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            a = TSimd.Fma(a, factor, addend);
            b = TSimd.Fma(b, factor, addend);
            c = TSimd.Fma(c, factor, addend);
            d = TSimd.Fma(d, factor, addend);
            e = TSimd.Fma(e, factor, addend);
            f = TSimd.Fma(f, factor, addend);
            g = TSimd.Fma(g, factor, addend);
            h = TSimd.Fma(h, factor, addend);
            i = TSimd.Fma(i, factor, addend);
            j = TSimd.Fma(j, factor, addend);
            k = TSimd.Fma(k, factor, addend);
            l = TSimd.Fma(l, factor, addend);
        }
        a = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(e, f));
        g = TSimd.Add(TSimd.Add(TSimd.Add(g, h), TSimd.Add(i, j)), TSimd.Add(k, l));
        return TSimd.First(TSimd.Add(a, g));
    }
}
