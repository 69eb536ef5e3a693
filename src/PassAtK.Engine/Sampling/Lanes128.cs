using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PassAtK.Engine.Sampling;

/// <summary>Sixteen floats in four 128-bit registers, in order.</summary>
internal readonly struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    : ILanes<Lanes128, Lanes128.Sums>
{
    private readonly Vector128<float> _a = a;
    private readonly Vector128<float> _b = b;
    private readonly Vector128<float> _c = c;
    private readonly Vector128<float> _d = d;

    /// <summary>Sums 0 and 1, 2 and 3, 4 and 5, 6 and 7.</summary>
    internal readonly record struct Sums(Vector128<double> A, Vector128<double> B, Vector128<double> C, Vector128<double> D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value)
    {
        var lanes = Vector128.Create(value);
        return new Lanes128(lanes, lanes, lanes, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref readonly float first, int offset) => new(
        Vector128.LoadUnsafe(in first, (nuint)offset),
        Vector128.LoadUnsafe(in first, (nuint)offset + 4),
        Vector128.LoadUnsafe(in first, (nuint)offset + 8),
        Vector128.LoadUnsafe(in first, (nuint)offset + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float first, int offset)
    {
        _a.StoreUnsafe(ref first, (nuint)offset);
        _b.StoreUnsafe(ref first, (nuint)offset + 4);
        _c.StoreUnsafe(ref first, (nuint)offset + 8);
        _d.StoreUnsafe(ref first, (nuint)offset + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 left, Lanes128 right) =>
        new(left._a + right._a, left._b + right._b, left._c + right._c, left._d + right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 left, Lanes128 right) =>
        new(left._a - right._a, left._b - right._b, left._c - right._c, left._d - right._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 left, Lanes128 right) => new(
        Vector128.MaxNative(left._a, right._a),
        Vector128.MaxNative(left._b, right._b),
        Vector128.MaxNative(left._c, right._c),
        Vector128.MaxNative(left._d, right._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes128 ExpOfNonPositive(in ExpScale scale) => new(
        VectorExp.ExpOfNonPositive(_a, scale),
        VectorExp.ExpOfNonPositive(_b, scale),
        VectorExp.ExpOfNonPositive(_c, scale),
        VectorExp.ExpOfNonPositive(_d, scale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint AtLeast(Lanes128 threshold) =>
        Vector128.GreaterThanOrEqual(_a, threshold._a).ExtractMostSignificantBits()
        | (Vector128.GreaterThanOrEqual(_b, threshold._b).ExtractMostSignificantBits() << 4)
        | (Vector128.GreaterThanOrEqual(_c, threshold._c).ExtractMostSignificantBits() << 8)
        | (Vector128.GreaterThanOrEqual(_d, threshold._d).ExtractMostSignificantBits() << 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint AtMost(Lanes128 limit) =>
        Vector128.LessThanOrEqual(_a, limit._a).ExtractMostSignificantBits()
        | (Vector128.LessThanOrEqual(_b, limit._b).ExtractMostSignificantBits() << 4)
        | (Vector128.LessThanOrEqual(_c, limit._c).ExtractMostSignificantBits() << 8)
        | (Vector128.LessThanOrEqual(_d, limit._d).ExtractMostSignificantBits() << 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes128 WhereAtLeast(Lanes128 key, Lanes128 threshold) => new(
        Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(key._a, threshold._a), _a, Vector128<float>.Zero),
        Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(key._b, threshold._b), _b, Vector128<float>.Zero),
        Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(key._c, threshold._c), _c, Vector128<float>.Zero),
        Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(key._d, threshold._d), _d, Vector128<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums Accumulate(Sums sums, Lanes128 lanes) => new(
        sums.A + (Vector128.WidenLower(lanes._a) + Vector128.WidenLower(lanes._c)),
        sums.B + (Vector128.WidenUpper(lanes._a) + Vector128.WidenUpper(lanes._c)),
        sums.C + (Vector128.WidenLower(lanes._b) + Vector128.WidenLower(lanes._d)),
        sums.D + (Vector128.WidenUpper(lanes._b) + Vector128.WidenUpper(lanes._d)));

    public static double Total(Sums sums)
    {
        var pair = (sums.A + sums.C) + (sums.B + sums.D);
        return pair[0] + pair[1];
    }
}
