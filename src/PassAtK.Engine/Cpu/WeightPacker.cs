using System.Buffers;
using System.Runtime.InteropServices;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cpu;

/// <summary>Reads a checkpoint's tensors, checks their shapes and packs them, panels in parallel.</summary>
internal sealed class WeightPacker(IWeightSource source, WorkerPool pool)
{
    /// <summary>The type that holds all of the named tensors exactly: their own where they agree, else F32.</summary>
    public DataType CommonType(params ReadOnlySpan<string> names)
    {
        var type = source.Get(names[0]).Type;
        foreach (var name in names)
            type = source.Get(name).Type == type ? type : DataType.F32;
        return type;
    }

    /// <summary>The named tensors' rows one after the other as one matrix of a type that holds them.</summary>
    /// <exception cref="InputException">A tensor is missing, has another shape, or is F16 and not finite.</exception>
    public PackedMatrix Matrix(DataType type, int inputs, params ReadOnlySpan<(string Name, int Rows)> parts)
    {
        var tensors = new WeightTensor[parts.Length];
        var outputs = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            tensors[i] = source.Get(parts[i].Name, parts[i].Rows, inputs);
            outputs += parts[i].Rows;
        }
        var matrix = new PackedMatrix(type, outputs, inputs);
        pool.Run(matrix.Panels, (panel, _) => PackPanel(matrix, tensors, panel));
        foreach (var tensor in tensors)
            tensor.Release();
        return matrix;
    }

    /// <summary>The named vectors one after the other in F32, padded with zeros to whole panels.</summary>
    /// <exception cref="InputException">A tensor is missing or has another shape.</exception>
    public NativeBuffer Vector(params ReadOnlySpan<(string Name, int Length)> parts)
    {
        var length = 0;
        foreach (var part in parts)
            length += part.Length;
        var vector = NativeBuffer.OfFloats(PackedMatrix.Padded(length));
        var first = 0;
        foreach (var part in parts)
        {
            source.Get(part.Name, 1, part.Length).ReadSingles(0, vector.Span<float>(first, part.Length));
            first += part.Length;
        }
        return vector;
    }

    private static void PackPanel(PackedMatrix matrix, WeightTensor[] tensors, int panel)
    {
        // A row of the panel before the transposition: its inputs, and a zero after an odd last one.
        var size = matrix.Type == DataType.F32 ? 4 : 2;
        var stride = 2 * matrix.Pairs * size;
        var rented = ArrayPool<byte>.Shared.Rent(PackedMatrix.PanelOutputs * stride);
        var rows = rented.AsSpan(0, PackedMatrix.PanelOutputs * stride);
        rows.Clear();
        var row = 0;
        for (var output = panel * PackedMatrix.PanelOutputs; row < PackedMatrix.PanelOutputs && output < matrix.Outputs; row++, output++)
        {
            var (tensor, tensorRow) = Locate(tensors, output);
            var destination = rows.Slice(row * stride, matrix.Inputs * size);
            if (matrix.Type == DataType.F32)
                tensor.ReadSingles(tensorRow, MemoryMarshal.Cast<byte, float>(destination));
            else
                tensor.ReadRows(tensorRow, destination);
            if (matrix.Type == DataType.F16)
                CheckFinite(tensor, destination);
        }
        var packed = matrix.Data.Span<uint>(panel * matrix.PanelBytes / 4, (int)(matrix.PanelBytes / 4));
        Transpose(MemoryMarshal.Cast<byte, uint>(rows), packed, stride / 4);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>
    /// Word w of each of 48 rows, for ascending w. A word is one float, or a pair of two-byte numbers, kept as it stands.
    /// </summary>
    private static void Transpose(ReadOnlySpan<uint> rows, Span<uint> packed, int words)
    {
        for (var word = 0; word < words; word++)
        {
            var destination = packed.Slice(word * PackedMatrix.PanelOutputs, PackedMatrix.PanelOutputs);
            for (var lane = 0; lane < destination.Length; lane++)
                destination[lane] = rows[(lane * words) + word];
        }
    }

    private static (WeightTensor Tensor, int Row) Locate(WeightTensor[] tensors, int row)
    {
        foreach (var tensor in tensors)
        {
            if (row < tensor.Rows)
                return (tensor, row);
            row -= tensor.Rows;
        }
        throw new ArgumentOutOfRangeException(nameof(row));
    }

    private static void CheckFinite(WeightTensor tensor, ReadOnlySpan<byte> row)
    {
        foreach (var bits in MemoryMarshal.Cast<byte, ushort>(row))
        {
            if ((bits & 0x7C00) == 0x7C00)
                throw new InputException($"tensor '{tensor.Name}' holds an F16 weight that is not finite, expected finite weights.");
        }
    }
}
