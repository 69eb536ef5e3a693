using System.Buffers.Binary;
using System.Text;

namespace PassAtK.Cuda;

/// <summary>
/// A choice as bytes: length and text of the class, the representative, then rows, rows at a time and algorithm of each rung.
/// </summary>
internal static class ProductChoiceBytes
{
    public delegate TAlgorithm? Reader<TAlgorithm>(ReadOnlySpan<byte> bytes);

    public static byte[] Encode<TAlgorithm>(ProductChoice<TAlgorithm> choice, Func<TAlgorithm, byte[]> algorithm)
        where TAlgorithm : class
    {
        var text = Encoding.ASCII.GetBytes(choice.BitClass);
        return
        [
            .. Int32(text.Length), .. text, .. algorithm(choice.Representative),
            .. choice.Rungs.SelectMany(rung => (byte[])[.. Int32(rung.Rows), .. Int32(rung.PieceRows), .. algorithm(rung.Algorithm)]),
        ];
    }

    /// <summary>Null where the bytes are not a whole choice.</summary>
    public static ProductChoice<TAlgorithm>? Decode<TAlgorithm>(ReadOnlySpan<byte> bytes, int algorithmBytes, Reader<TAlgorithm> algorithm)
        where TAlgorithm : class
    {
        if (!TryTake(ref bytes, sizeof(int), out var part) || !TryTake(ref bytes, BinaryPrimitives.ReadInt32LittleEndian(part), out var text)
            || !TryTake(ref bytes, algorithmBytes, out part) || algorithm(part) is not { } representative)
        {
            return null;
        }
        var rungs = new List<ProductRung<TAlgorithm>>();
        while (!bytes.IsEmpty)
        {
            if (!TryTake(ref bytes, 2 * sizeof(int), out var counts) || !TryTake(ref bytes, algorithmBytes, out part)
                || algorithm(part) is not { } used)
            {
                return null;
            }
            var rows = BinaryPrimitives.ReadInt32LittleEndian(counts);
            var piece = BinaryPrimitives.ReadInt32LittleEndian(counts[sizeof(int)..]);
            if (piece < 1 || piece > rows || (rungs.Count > 0 && rows <= rungs[^1].Rows))
                return null;
            rungs.Add(new ProductRung<TAlgorithm>(rows, piece, used));
        }
        return new ProductChoice<TAlgorithm>(Encoding.ASCII.GetString(text), representative, rungs);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, int count, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (count < 0 || count > bytes.Length)
            return false;
        part = bytes[..count];
        bytes = bytes[count..];
        return true;
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
