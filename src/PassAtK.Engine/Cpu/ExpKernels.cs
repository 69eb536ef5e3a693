using System.Runtime.CompilerServices;

namespace PassAtK.Engine.Cpu;

/// <summary>The exponential of softmax and SiLU, the same bits for every vector width.</summary>
internal static class ExpKernels<TSimd, V>
    where TSimd : struct, ISimd<V>
    where V : struct
{
    /// <summary>
    /// e^x within 1.5 units in the last place for x in [-87.3, 88.3]; 0 below, +infinity above, NaN for NaN. x = n ln 2 + r with
    /// |r| at most ln(2) / 2; e^r by its Taylor polynomial of degree 7, whose remainder is under 6e-9 of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits of the sum.
        var rounder = TSimd.Broadcast(12582912f);
        var shifted = TSimd.Fma(x, TSimd.Broadcast(1.442695041f), rounder);
        var n = TSimd.Subtract(shifted, rounder);
        // ln 2 in two parts; the first has 15 significant bits, so that its product with n is exact.
        var r = TSimd.Fma(n, TSimd.Broadcast(-0.693145751953125f), x);
        r = TSimd.Fma(n, TSimd.Broadcast(-1.42860682030941723e-6f), r);
        var e = TSimd.Broadcast(1f / 5040);
        e = TSimd.Fma(e, r, TSimd.Broadcast(1f / 720));
        e = TSimd.Fma(e, r, TSimd.Broadcast(1f / 120));
        e = TSimd.Fma(e, r, TSimd.Broadcast(1f / 24));
        e = TSimd.Fma(e, r, TSimd.Broadcast(1f / 6));
        e = TSimd.Fma(e, r, TSimd.Broadcast(0.5f));
        e = TSimd.Fma(e, r, TSimd.Broadcast(1f));
        e = TSimd.Fma(e, r, TSimd.Broadcast(1f));
        // A product, not an integer addition, so that a NaN stays one.
        e = TSimd.Multiply(e, TSimd.ShiftLeft(TSimd.AddInteger(shifted, 127), 23));
        e = TSimd.SelectLess(x, TSimd.Broadcast(-87.3f), TSimd.Zero, e);
        return TSimd.SelectLess(TSimd.Broadcast(88.3f), x, TSimd.Broadcast(float.PositiveInfinity), e);
    }

    /// <summary>SiLU(gate) * up, where SiLU(x) = x / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SiluMultiply(V gate, V up)
    {
        var denominator = TSimd.Add(TSimd.Broadcast(1f), Exp(TSimd.Subtract(TSimd.Zero, gate)));
        return TSimd.Multiply(TSimd.Divide(gate, denominator), up);
    }
}
