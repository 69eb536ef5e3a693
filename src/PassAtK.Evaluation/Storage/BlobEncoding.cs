using System.Buffers.Binary;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Storage;

/// <summary>
/// Arrays as bytes: whole numbers of at least 0 as LEB128 (seven bits a byte, low ones first, high bit set on all but the last byte), F32
/// as four little-endian bytes.
/// </summary>
internal static class BlobEncoding
{
    public static byte[] Integers(ReadOnlySpan<int> values)
    {
        var bytes = new byte[5 * values.Length];
        var at = 0;
        foreach (var value in values)
            at = Write(bytes, at, (uint)value);
        return bytes[..at];
    }

    public static byte[] Integers(IReadOnlyList<long> values)
    {
        var bytes = new byte[10 * values.Count];
        var at = 0;
        foreach (var value in values)
            at = Write(bytes, at, (ulong)value);
        return bytes[..at];
    }

    public static int[] ReadIntegers(ReadOnlySpan<byte> bytes)
    {
        var values = new int[Count(bytes)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (int)Read(ref bytes);
        return values;
    }

    public static long[] ReadLongIntegers(ReadOnlySpan<byte> bytes)
    {
        var values = new long[Count(bytes)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (long)Read(ref bytes);
        return values;
    }

    public static byte[] Singles(ReadOnlySpan<float> values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }

    public static float[] ReadSingles(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / 4];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
        return values;
    }

    /// <summary>The sum of F32 numbers, in F64 and in their order.</summary>
    public static double SumSingles(ReadOnlySpan<byte> bytes)
    {
        var sum = 0.0;
        for (var at = 0; at + 4 <= bytes.Length; at += 4)
            sum += BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]);
        return sum;
    }

    private static int Write(Span<byte> bytes, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes[at++] = (byte)(value | 0x80);
        bytes[at++] = (byte)value;
        return at;
    }

    private static int Count(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0 && bytes[^1] >= 0x80)
            throw new InputException("a stored array of numbers is cut off in the middle of one, expected whole numbers in LEB128.");
        var count = 0;
        foreach (var value in bytes)
            count += value < 0x80 ? 1 : 0;
        return count;
    }

    private static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var (at, shift) = (0, 0); ; at++, shift += 7)
        {
            value |= (ulong)(bytes[at] & 0x7F) << shift;
            if (bytes[at] >= 0x80)
                continue;
            bytes = bytes[(at + 1)..];
            return value;
        }
    }
}
