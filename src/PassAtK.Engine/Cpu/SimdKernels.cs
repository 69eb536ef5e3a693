using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// The vector operations that the kernels are written in, so that one source serves every vector width. Each operation is correctly
/// rounded lane by lane and each reduction has one fixed tree, so all widths give the same bits.
/// </summary>
/// <typeparam name="V">A vector of F32 lanes.</typeparam>
internal unsafe interface ISimd<V>
    where V : struct
{
    /// <summary>F32 lanes; divides 16.</summary>
    static abstract int Lanes { get; }

    /// <summary>Rows of a register tile that fit the registers beside two or three columns.</summary>
    static abstract int TileRows { get; }

    static abstract V Zero { get; }

    static abstract V Load(float* source);

    static abstract void Store(V value, float* destination);

    static abstract V Broadcast(float value);

    static abstract V Add(V left, V right);

    static abstract V Subtract(V left, V right);

    static abstract V Multiply(V left, V right);

    static abstract V Divide(V left, V right);

    static abstract V Max(V left, V right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract V Fma(V left, V right, V addend);

    /// <summary>Where left is less than right (never for NaN): yes, elsewhere no.</summary>
    static abstract V SelectLess(V left, V right, V yes, V no);

    static abstract V ShiftLeft(V bits, int count);

    /// <summary>Arithmetic shift of 32-bit lanes.</summary>
    static abstract V ShiftRight(V bits, int count);

    static abstract V And(V bits, int mask);

    static abstract V AddInteger(V bits, int value);

    /// <summary>Lane 0.</summary>
    static abstract float First(V value);

    /// <summary>Largest lane.</summary>
    static abstract float MaxLane(V value);

    /// <summary>Sum of 16 floats: lane i with i + 8, then i + 4, i + 2, i + 1.</summary>
    static abstract float Sum16(float* source);
}

internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Lanes => 16;

    public static int TileRows => 8;

    public static Vector512<float> Zero => Vector512<float>.Zero;

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static void Store(Vector512<float> value, float* destination) => value.Store(destination);

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Vector512.MaxNative(left, right);

    public static Vector512<float> Fma(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.FusedMultiplyAdd(left, right, addend);

    public static Vector512<float> SelectLess(Vector512<float> left, Vector512<float> right, Vector512<float> yes, Vector512<float> no) =>
        Vector512.ConditionalSelect(Vector512.LessThan(left, right), yes, no);

    public static Vector512<float> ShiftLeft(Vector512<float> bits, int count) => (bits.AsInt32() << count).AsSingle();

    public static Vector512<float> ShiftRight(Vector512<float> bits, int count) => (bits.AsInt32() >> count).AsSingle();

    public static Vector512<float> And(Vector512<float> bits, int mask) => (bits.AsInt32() & Vector512.Create(mask)).AsSingle();

    public static Vector512<float> AddInteger(Vector512<float> bits, int value) => (bits.AsInt32() + Vector512.Create(value)).AsSingle();

    public static float First(Vector512<float> value) => value.ToScalar();

    public static float MaxLane(Vector512<float> value) => Simd256.MaxLane(Vector256.MaxNative(value.GetLower(), value.GetUpper()));

    public static float Sum16(float* source) => Simd256.Sum16(source);
}

internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Lanes => 8;

    public static int TileRows => 4;

    public static Vector256<float> Zero => Vector256<float>.Zero;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(Vector256<float> value, float* destination) => value.Store(destination);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right) => Vector256.MaxNative(left, right);

    public static Vector256<float> Fma(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Vector256.FusedMultiplyAdd(left, right, addend);

    public static Vector256<float> SelectLess(Vector256<float> left, Vector256<float> right, Vector256<float> yes, Vector256<float> no) =>
        Vector256.ConditionalSelect(Vector256.LessThan(left, right), yes, no);

    public static Vector256<float> ShiftLeft(Vector256<float> bits, int count) => (bits.AsInt32() << count).AsSingle();

    public static Vector256<float> ShiftRight(Vector256<float> bits, int count) => (bits.AsInt32() >> count).AsSingle();

    public static Vector256<float> And(Vector256<float> bits, int mask) => (bits.AsInt32() & Vector256.Create(mask)).AsSingle();

    public static Vector256<float> AddInteger(Vector256<float> bits, int value) => (bits.AsInt32() + Vector256.Create(value)).AsSingle();

    public static float First(Vector256<float> value) => value.ToScalar();

    public static float MaxLane(Vector256<float> value) => Simd128.MaxLane(Vector128.MaxNative(value.GetLower(), value.GetUpper()));

    public static float Sum16(float* source)
    {
        var eight = Vector256.Load(source) + Vector256.Load(source + 8);
        return Simd128.Sum4(eight.GetLower() + eight.GetUpper());
    }
}

/// <summary>Any processor: four lanes, in software where the processor has none.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Lanes => 4;

    public static int TileRows => 4;

    public static Vector128<float> Zero => Vector128<float>.Zero;

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Vector128.MaxNative(left, right);

    public static Vector128<float> Fma(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.FusedMultiplyAdd(left, right, addend);

    public static Vector128<float> SelectLess(Vector128<float> left, Vector128<float> right, Vector128<float> yes, Vector128<float> no) =>
        Vector128.ConditionalSelect(Vector128.LessThan(left, right), yes, no);

    public static Vector128<float> ShiftLeft(Vector128<float> bits, int count) => (bits.AsInt32() << count).AsSingle();

    public static Vector128<float> ShiftRight(Vector128<float> bits, int count) => (bits.AsInt32() >> count).AsSingle();

    public static Vector128<float> And(Vector128<float> bits, int mask) => (bits.AsInt32() & Vector128.Create(mask)).AsSingle();

    public static Vector128<float> AddInteger(Vector128<float> bits, int value) => (bits.AsInt32() + Vector128.Create(value)).AsSingle();

    public static float First(Vector128<float> value) => value.ToScalar();

    public static float MaxLane(Vector128<float> value) =>
        MathF.Max(MathF.Max(value[0], value[2]), MathF.Max(value[1], value[3]));

    public static float Sum16(float* source) =>
        Sum4((Vector128.Load(source) + Vector128.Load(source + 8)) + (Vector128.Load(source + 4) + Vector128.Load(source + 12)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Sum4(Vector128<float> four) => (four[0] + four[2]) + (four[1] + four[3]);
}
