using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Checkpoints;

/// <summary>A tensor as a safetensors file stores it: element type as the format spells it, and raw little-endian elements.</summary>
internal sealed record StoredTensor(string Name, string Type, long[] Shape, byte[] Data)
{
    /// <summary>Rounds F32 values, row by row, to the wanted type (BF16 to nearest even).</summary>
    public static StoredTensor Of(string name, DataType type, float[] values, params int[] shape)
    {
        var data = type switch
        {
            DataType.F32 => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
            DataType.F16 => MemoryMarshal.AsBytes(values.Select(value => (Half)value).ToArray().AsSpan()).ToArray(),
            _ => MemoryMarshal.AsBytes(values.Select(ToBrainFloat).ToArray().AsSpan()).ToArray(),
        };
        return new StoredTensor(name, type.ToString(), [.. shape.Select(dimension => (long)dimension)], data);
    }

    /// <summary>The whole tensor, copied.</summary>
    public static StoredTensor Of(WeightTensor tensor, int[] shape)
    {
        var data = new byte[(long)tensor.Rows * tensor.RowLength];
        tensor.ReadRows(0, data);
        return new StoredTensor(tensor.Name, tensor.Type.ToString(), [.. shape.Select(dimension => (long)dimension)], data);
    }

    /// <summary>A safetensors file of these tensors, their data in the given order.</summary>
    public static byte[] ToFile(IEnumerable<StoredTensor> tensors)
    {
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        using var data = new MemoryStream();
        foreach (var tensor in tensors)
        {
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = tensor.Type,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(dimension => (JsonNode)dimension)]),
                ["data_offsets"] = new JsonArray(data.Length, data.Length + tensor.Data.Length),
            };
            data.Write(tensor.Data);
        }
        return ToFile(header.ToJsonString(), data.ToArray());
    }

    /// <summary>A file with any text for a header, padded with blanks to a multiple of eight as the reference writer does.</summary>
    public static byte[] ToFile(string header, byte[] data)
    {
        var json = System.Text.Encoding.UTF8.GetBytes(header);
        var padded = new byte[(json.Length + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, padded.Length);
        return [.. prefix, .. padded, .. data];
    }

    private static ushort ToBrainFloat(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
