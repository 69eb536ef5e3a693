using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PassAtK.Engine.Sampling;

/// <summary>
/// The exponential function on vectors of floats, within 1 unit in the last place of a correctly rounded one. Results below 2^-126
/// become 0, so no denormal appears. Every width computes the same operations, fused multiply-adds included: a lane's result depends on its
/// input alone.
///
/// x factor log2(e) = n + r with integer n and |r| up to 1/2. Adding <see cref="Rounder"/> rounds to n and leaves n + 127, the exponent
/// field of 2^n, in the lowest bits; 2^r is a polynomial of degree 6, fitted to the relative error (3.6e-9 before rounding).
/// </summary>
public static class VectorExp
{
    private const float Rounder = 12582912 + 127;
    private const float C1 = 0.693147182f;
    private const float C2 = 0.240226448f;
    private const float C3 = 0.0555035919f;
    private const float C4 = 0.00961884111f;
    private const float C5 = 0.00133911369f;
    private const float C6 = 0.00015238006f;
    private const int ExponentShift = 23;

    /// <summary>Inputs above count as this one. Its result is infinite: n = 128 begins at 88.38, a little before e^x overflows.</summary>
    private const float Most = 88.4f;

    /// <summary>e^x for every x; infinite from 88.38 on, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x) =>
        Scaled(Vector512.Min(Vector512.Max(x, Vector512.Create(ExpScale.Natural.Least)), Vector512.Create(Most)), ExpScale.Natural);

    /// <inheritdoc cref="Exp(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x) =>
        Scaled(Vector256.Min(Vector256.Max(x, Vector256.Create(ExpScale.Natural.Least)), Vector256.Create(Most)), ExpScale.Natural);

    /// <inheritdoc cref="Exp(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x) =>
        Scaled(Vector128.Min(Vector128.Max(x, Vector128.Create(ExpScale.Natural.Least)), Vector128.Create(Most)), ExpScale.Natural);

    /// <summary>e^(factor x) for x of at most 0, -infinity included and NaN excluded: what a softmax needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpOfNonPositive(Vector512<float> x, in ExpScale scale) =>
        Scaled(Vector512.MaxNative(x, Vector512.Create(scale.Least)), scale);

    /// <inheritdoc cref="ExpOfNonPositive(Vector512{float}, in ExpScale)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ExpOfNonPositive(Vector256<float> x, in ExpScale scale) =>
        Scaled(Vector256.MaxNative(x, Vector256.Create(scale.Least)), scale);

    /// <inheritdoc cref="ExpOfNonPositive(Vector512{float}, in ExpScale)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ExpOfNonPositive(Vector128<float> x, in ExpScale scale) =>
        Scaled(Vector128.MaxNative(x, Vector128.Create(scale.Least)), scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scaled(Vector512<float> x, in ExpScale scale)
    {
        var high = Vector512.Create(scale.High);
        var rounded = Vector512.FusedMultiplyAdd(x, high, Vector512.Create(Rounder));
        var n = rounded - Vector512.Create(Rounder);
        var r = Vector512.FusedMultiplyAdd(x, Vector512.Create(scale.Low), Vector512.FusedMultiplyAdd(x, high, -n));
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(C6), r, Vector512.Create(C5));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C4));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C3));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C2));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(C1));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        return p * Vector512.ShiftLeft(rounded.AsInt32(), ExponentShift).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector256<float> x, in ExpScale scale)
    {
        var high = Vector256.Create(scale.High);
        var rounded = Vector256.FusedMultiplyAdd(x, high, Vector256.Create(Rounder));
        var n = rounded - Vector256.Create(Rounder);
        var r = Vector256.FusedMultiplyAdd(x, Vector256.Create(scale.Low), Vector256.FusedMultiplyAdd(x, high, -n));
        var p = Vector256.FusedMultiplyAdd(Vector256.Create(C6), r, Vector256.Create(C5));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C4));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C3));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C2));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(C1));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        return p * Vector256.ShiftLeft(rounded.AsInt32(), ExponentShift).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scaled(Vector128<float> x, in ExpScale scale)
    {
        var high = Vector128.Create(scale.High);
        var rounded = Vector128.FusedMultiplyAdd(x, high, Vector128.Create(Rounder));
        var n = rounded - Vector128.Create(Rounder);
        var r = Vector128.FusedMultiplyAdd(x, Vector128.Create(scale.Low), Vector128.FusedMultiplyAdd(x, high, -n));
        var p = Vector128.FusedMultiplyAdd(Vector128.Create(C6), r, Vector128.Create(C5));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(C4));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(C3));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(C2));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(C1));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128<float>.One);
        return p * Vector128.ShiftLeft(rounded.AsInt32(), ExponentShift).AsSingle();
    }
}
