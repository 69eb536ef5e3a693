using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PassAtK.Engine.Sampling;

/// <summary>Sixteen floats in two 256-bit registers: lanes 0 to 7 and 8 to 15.</summary>
internal readonly struct Lanes256(Vector256<float> low, Vector256<float> high) : ILanes<Lanes256, Lanes256.Sums>
{
    private readonly Vector256<float> _low = low;
    private readonly Vector256<float> _high = high;

    /// <summary>Sums 0 to 3 and 4 to 7.</summary>
    internal readonly record struct Sums(Vector256<double> Low, Vector256<double> High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly float first, int offset) =>
        new(Vector256.LoadUnsafe(in first, (nuint)offset), Vector256.LoadUnsafe(in first, (nuint)offset + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float first, int offset)
    {
        _low.StoreUnsafe(ref first, (nuint)offset);
        _high.StoreUnsafe(ref first, (nuint)offset + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._low + right._low, left._high + right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._low - right._low, left._high - right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 left, Lanes256 right) =>
        new(Vector256.MaxNative(left._low, right._low), Vector256.MaxNative(left._high, right._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes256 ExpOfNonPositive(in ExpScale scale) =>
        new(VectorExp.ExpOfNonPositive(_low, scale), VectorExp.ExpOfNonPositive(_high, scale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint AtLeast(Lanes256 threshold) =>
        Vector256.GreaterThanOrEqual(_low, threshold._low).ExtractMostSignificantBits()
        | (Vector256.GreaterThanOrEqual(_high, threshold._high).ExtractMostSignificantBits() << 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint AtMost(Lanes256 limit) =>
        Vector256.LessThanOrEqual(_low, limit._low).ExtractMostSignificantBits()
        | (Vector256.LessThanOrEqual(_high, limit._high).ExtractMostSignificantBits() << 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes256 WhereAtLeast(Lanes256 key, Lanes256 threshold) => new(
        Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(key._low, threshold._low), _low, Vector256<float>.Zero),
        Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(key._high, threshold._high), _high, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums Accumulate(Sums sums, Lanes256 lanes) => new(
        sums.Low + (Vector256.WidenLower(lanes._low) + Vector256.WidenLower(lanes._high)),
        sums.High + (Vector256.WidenUpper(lanes._low) + Vector256.WidenUpper(lanes._high)));

    public static double Total(Sums sums) => Total(sums.Low + sums.High);

    /// <summary>The last two steps of the tree.</summary>
    public static double Total(Vector256<double> sums)
    {
        var pair = sums.GetLower() + sums.GetUpper();
        return pair[0] + pair[1];
    }
}
