using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PassAtK.Engine.Sampling;

/// <summary>Sixteen floats in one 512-bit register.</summary>
internal readonly struct Lanes512(Vector512<float> lanes) : ILanes<Lanes512, Vector512<double>>
{
    private readonly Vector512<float> _lanes = lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly float first, int offset) => new(Vector512.LoadUnsafe(in first, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float first, int offset) => _lanes.StoreUnsafe(ref first, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 left, Lanes512 right) => new(Vector512.MaxNative(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes512 ExpOfNonPositive(in ExpScale scale) => new(VectorExp.ExpOfNonPositive(_lanes, scale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint AtLeast(Lanes512 threshold) =>
        (uint)Vector512.GreaterThanOrEqual(_lanes, threshold._lanes).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint AtMost(Lanes512 limit) => (uint)Vector512.LessThanOrEqual(_lanes, limit._lanes).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes512 WhereAtLeast(Lanes512 key, Lanes512 threshold) => new(Vector512.ConditionalSelect(
        Vector512.GreaterThanOrEqual(key._lanes, threshold._lanes), _lanes, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Accumulate(Vector512<double> sums, Lanes512 lanes) =>
        sums + (Vector512.WidenLower(lanes._lanes) + Vector512.WidenUpper(lanes._lanes));

    public static double Total(Vector512<double> sums) => Lanes256.Total(sums.GetLower() + sums.GetUpper());
}
