using System.Runtime.CompilerServices;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// How two consecutive inputs (k, k + 1) of a panel's 48 outputs are stored, and how a vector of them becomes F32. Lane i of a pair is
/// 4 bytes from lane i + 1 in every format.
/// </summary>
internal unsafe interface IPanelFormat
{
    static abstract int PairBytes { get; }

    /// <summary>Input k of consecutive lanes.</summary>
    static abstract V Even<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct;

    /// <summary>Input k + 1 of consecutive lanes.</summary>
    static abstract V Odd<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct;
}

/// <summary>48 floats of input k, then 48 of input k + 1.</summary>
internal readonly unsafe struct F32Panels : IPanelFormat
{
    public static int PairBytes => 2 * 4 * PackedMatrix.PanelOutputs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Even<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct => TSimd.Load((float*)lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Odd<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct => TSimd.Load((float*)(lane + (4 * PackedMatrix.PanelOutputs)));
}

/// <summary>48 words: input k in the low half, k + 1 in the high half. A BF16 number is the high half of its F32 self.</summary>
internal readonly unsafe struct BF16Panels : IPanelFormat
{
    public static int PairBytes => 4 * PackedMatrix.PanelOutputs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Even<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct => TSimd.ShiftLeft(TSimd.Load((float*)lane), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Odd<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct => TSimd.And(TSimd.Load((float*)lane), unchecked((int)0xFFFF0000));
}

/// <summary>
/// Words as in <see cref="BF16Panels"/>. A finite F16 number, its exponent and mantissa moved to F32's place, is 2^112 too small;
/// multiplying is exact, subnormal numbers included. Infinities and NaN are refused when weights are packed.
/// </summary>
internal readonly unsafe struct F16Panels : IPanelFormat
{
    private const float Rebias = 5.192296858534828e33f;

    public static int PairBytes => 4 * PackedMatrix.PanelOutputs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Even<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct => Expand<TSimd, V>(TSimd.ShiftLeft(TSimd.Load((float*)lane), 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Odd<TSimd, V>(byte* lane)
        where TSimd : struct, ISimd<V>
        where V : struct => Expand<TSimd, V>(TSimd.Load((float*)lane));

    /// <summary>The F16 number in the high half of each lane; the low half is dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Expand<TSimd, V>(V high)
        where TSimd : struct, ISimd<V>
        where V : struct =>
        TSimd.Multiply(TSimd.And(TSimd.ShiftRight(high, 3), unchecked((int)0x8FFFE000)), TSimd.Broadcast(Rebias));
}
