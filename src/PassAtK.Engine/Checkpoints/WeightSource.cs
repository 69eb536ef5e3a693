using System.Runtime.InteropServices;

namespace PassAtK.Engine.Checkpoints;

/// <summary>Element types that weights come in, little-endian.</summary>
public enum DataType
{
    F32,
    F16,
    BF16,
}

/// <summary>One weight matrix `[rows, columns]`, row-major; a vector has one row.</summary>
public abstract class WeightTensor(string name, DataType type, int rows, int columns)
{
    public string Name { get; } = name;

    public DataType Type { get; } = type;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public int ElementSize => Type == DataType.F32 ? 4 : 2;

    /// <summary>Bytes of a row.</summary>
    public int RowLength => Columns * ElementSize;

    /// <summary>Copies the raw elements of consecutive rows, as many as fill <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is not a whole number of rows, or reaches past the last.</exception>
    public abstract void ReadRows(int firstRow, Span<byte> destination);

    /// <summary>Lets go of memory that holds what was read; what is read later comes from the source again.</summary>
    internal virtual void Release()
    {
    }

    /// <summary>One row, converted to F32 (exactly: F32 holds every value of the other types).</summary>
    internal void ReadSingles(int row, Span<float> destination)
    {
        if (Type == DataType.F32)
        {
            ReadRows(row, MemoryMarshal.AsBytes(destination));
            return;
        }
        var raw = new ushort[Columns];
        ReadRows(row, MemoryMarshal.AsBytes(raw.AsSpan()));
        for (var i = 0; i < raw.Length; i++)
        {
            destination[i] = Type == DataType.BF16
                ? BitConverter.UInt32BitsToSingle((uint)raw[i] << 16)
                : (float)BitConverter.UInt16BitsToHalf(raw[i]);
        }
    }

    /// <summary>The number of rows that <paramref name="length"/> bytes hold, once it is sure that the tensor has them.</summary>
    /// <exception cref="ArgumentException">See <see cref="ReadRows"/>.</exception>
    protected int CheckRows(int firstRow, int length)
    {
        var (count, rest) = Math.DivRem(length, RowLength);
        if (rest != 0)
            throw new ArgumentException($"{length} bytes are not a whole number of rows of {RowLength} bytes of '{Name}'.", nameof(length));
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)firstRow + count, Rows);
        return count;
    }
}

/// <summary>
/// Where a backend gets a model from: a checkpoint on disk, or random weights of a named shape. Safe for concurrent reads.
/// </summary>
public interface IWeightSource : IDisposable
{
    ModelConfig Config { get; }

    /// <summary>The tensor of that Hugging Face name, for example `model.layers.0.mlp.up_proj.weight`.</summary>
    /// <exception cref="InputException">There is no tensor of that name.</exception>
    WeightTensor Get(string name);

    /// <summary>The same, once it is sure that it has the shape `[rows, columns]`.</summary>
    /// <exception cref="InputException">There is no tensor of that name, or it has another shape.</exception>
    internal WeightTensor Get(string name, int rows, int columns)
    {
        var tensor = Get(name);
        return tensor.Rows == rows && tensor.Columns == columns
            ? tensor
            : throw new InputException($"tensor '{name}' has shape [{tensor.Rows}, {tensor.Columns}], expected [{rows}, {columns}].");
    }
}
