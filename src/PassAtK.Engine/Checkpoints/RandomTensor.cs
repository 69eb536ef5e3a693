using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// A tensor of uniform random numbers in [center - reach, center + reach), each a pure function of (key, row, column): Philox of the
/// row gives two words that key an integer hash of the column. Good enough for weights, and far faster than Philox for each.
/// </summary>
internal sealed class RandomTensor(TensorShape shape, DataType type, ulong key, float center, float reach)
    : WeightTensor(shape.Name, type, shape.Rows, shape.Columns)
{
    private const int ChunkLength = 1024;

    public override void ReadRows(int firstRow, Span<byte> destination)
    {
        var count = CheckRows(firstRow, destination.Length);
        for (var row = 0; row < count; row++)
            FillRow(firstRow + row, destination.Slice(row * RowLength, RowLength));
    }

    private void FillRow(int row, Span<byte> destination)
    {
        var (word0, word1, _, _) = Philox.Block((uint)row, 0, 0, 0, (uint)key, (uint)(key >> 32));
        Span<float> chunk = stackalloc float[ChunkLength];
        for (var column = 0; column < Columns; column += ChunkLength)
        {
            var values = chunk[..Math.Min(ChunkLength, Columns - column)];
            Fill(values, (uint)column, word0, word1);
            Encode(values, destination.Slice(column * ElementSize, values.Length * ElementSize));
        }
    }

    private void Fill(Span<float> values, uint column, uint word0, uint word1)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var columns = Vector.CreateSequence(column, 1u);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Uniform(columns, word0, word1);
            columns += new Vector<uint>((uint)Vector<uint>.Count);
        }
        for (var i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
            values[i] = Uniform(new Vector<uint>(column + (uint)i), word0, word1)[0];
    }

    /// <summary>Two rounds of multiply and xor-shift (the finalizer of MurmurHash3) with the row's second word between them.</summary>
    private Vector<float> Uniform(Vector<uint> columns, uint word0, uint word1)
    {
        var x = (columns * new Vector<uint>(0x9E3779B9)) + new Vector<uint>(word0);
        x = (x ^ Vector.ShiftRightLogical(x, 16)) * new Vector<uint>(0x85EBCA6B);
        x ^= new Vector<uint>(word1);
        x = (x ^ Vector.ShiftRightLogical(x, 13)) * new Vector<uint>(0xC2B2AE35);
        x ^= Vector.ShiftRightLogical(x, 16);
        // The top 24 bits as a signed integer convert to F32 exactly, so the result is the same on every machine.
        var signed = Vector.ConvertToSingle(Vector.ShiftRightArithmetic(Vector.AsVectorInt32(x), 8));
        return new Vector<float>(center) + (signed * new Vector<float>(reach / (1 << 23)));
    }

    private void Encode(ReadOnlySpan<float> values, Span<byte> destination)
    {
        switch (Type)
        {
            case DataType.F32:
                MemoryMarshal.AsBytes(values).CopyTo(destination);
                break;
            case DataType.F16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(destination));
                break;
            default:
                EncodeBrainFloats(MemoryMarshal.Cast<float, uint>(values), MemoryMarshal.Cast<byte, ushort>(destination));
                break;
        }
    }

    /// <summary>The upper half of each F32, rounded to nearest even; the values are finite.</summary>
    private static void EncodeBrainFloats(ReadOnlySpan<uint> bits, Span<ushort> destination)
    {
        var pairs = bits.Length / (2 * Vector<uint>.Count);
        var vectors = MemoryMarshal.Cast<uint, Vector<uint>>(bits);
        var results = MemoryMarshal.Cast<ushort, Vector<ushort>>(destination);
        for (var i = 0; i < pairs; i++)
            results[i] = Vector.Narrow(Round(vectors[2 * i]), Round(vectors[(2 * i) + 1]));
        for (var i = pairs * 2 * Vector<uint>.Count; i < bits.Length; i++)
            destination[i] = (ushort)((bits[i] + 0x7FFF + ((bits[i] >> 16) & 1)) >> 16);

        static Vector<uint> Round(Vector<uint> x)
        {
            var upper = Vector.ShiftRightLogical(x, 16);
            return Vector.ShiftRightLogical(x + new Vector<uint>(0x7FFF) + (upper & Vector<uint>.One), 16);
        }
    }
}
