using System.Text.Json;
using System.Text.Unicode;

namespace PassAtK.Engine.Checkpoints;

/// <summary>One tensor of a safetensors header.</summary>
/// <param name="Name">Its key in the header.</param>
/// <param name="Type">Element type as the file spells it, for example `BF16`; not necessarily one that weights can be read from.</param>
/// <param name="Shape">Dimensions, outermost first; empty for a scalar.</param>
/// <param name="Start">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record SafeTensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Start, long End);

/// <summary>
/// Parses the JSON header of a safetensors file, `{name: {dtype, shape, data_offsets}}` with an optional `__metadata__` map of strings,
/// as strictly as the format's reference implementation: the tensors cover the data exactly, without gaps and overlaps.
/// </summary>
internal ref struct SafeTensorsHeader
{
    /// <summary>The format's own limit on the header, in bytes.</summary>
    public const int MaxLength = 100_000_000;

    private const int MaxRank = 8;

    private readonly string _file;
    private Utf8JsonReader _reader;

    private SafeTensorsHeader(string file, ReadOnlySpan<byte> json)
    {
        _file = file;
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>The tensors by name.</summary>
    /// <param name="file">Name of the file, for complaints.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">Bytes that follow the header.</param>
    /// <exception cref="InputException">The header breaks a rule of the format.</exception>
    public static Dictionary<string, SafeTensorsEntry> Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
            throw new InputException($"{file}: the header does not begin with '{{', expected a JSON object of tensors.");
        if (!Utf8.IsValid(json))
            throw new InputException($"{file}: the header is not UTF-8 text, expected a JSON object of tensors.");
        var header = new SafeTensorsHeader(file, json);
        try
        {
            var entries = header.ReadTensors();
            RefuseGaps(file, entries.Values, dataLength);
            return entries;
        }
        catch (JsonException cause)
        {
            var place = header._reader.BytesConsumed;
            throw new InputException($"{file}: the header is not valid JSON at byte {place}, expected an object of tensors.", cause);
        }
        catch (InvalidOperationException cause)
        {
            throw new InputException($"{file}: the header holds a string with half a surrogate pair, expected valid Unicode.", cause);
        }
    }

    /// <summary>Bits of an element, or 0 for a type that the format does not know.</summary>
    internal static int BitsOf(string type) => type switch
    {
        "F4" => 4,
        "F6_E2M3" or "F6_E3M2" => 6,
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => 8,
        "U16" or "I16" or "F16" or "BF16" => 16,
        "U32" or "I32" or "F32" => 32,
        "U64" or "I64" or "F64" or "C64" => 64,
        _ => 0,
    };

    /// <summary>A name from a file as it may stand in a sentence: of bounded length and on one line.</summary>
    internal static string Shown(string name)
    {
        const int Longest = 160;
        var shown = name.Length > Longest ? $"{name.AsSpan(0, Longest)}..." : name;
        return shown.Any(char.IsControl) ? string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) : shown;
    }

    private Dictionary<string, SafeTensorsEntry> ReadTensors()
    {
        var entries = new Dictionary<string, SafeTensorsEntry>(StringComparer.Ordinal);
        var hasMetadata = false;
        _reader.Read();
        while (NextKey() is { } name)
        {
            if (name == "__metadata__")
            {
                if (hasMetadata)
                    throw new InputException($"{_file}: the header has two '__metadata__' keys, expected at most one.");
                hasMetadata = true;
                SkipMetadata();
            }
            else if (!entries.TryAdd(name, ReadTensor(name)))
            {
                throw new InputException($"{_file}: tensor '{Shown(name)}' is in the header twice, expected once.");
            }
        }
        // Past the root only blanks may follow; the reader throws on anything else.
        _reader.Read();
        return entries;
    }

    private SafeTensorsEntry ReadTensor(string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, $"tensor '{Shown(name)}' is no object, expected one with dtype, shape and data_offsets");
        while (NextKey() is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(JsonTokenType.String, $"tensor '{Shown(name)}' has a dtype that is no string, expected one such as \"BF16\"");
                    type = _reader.GetString()!;
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(name, key, MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers(name, key, 2);
                    break;
                default:
                    throw Broken(name, $"has an unknown or repeated field '{Shown(key)}', expected dtype, shape and data_offsets");
            }
        }
        if (type is null || shape is null || offsets is not [var start, var end])
            throw Broken(name, "lacks a field, expected dtype, shape and two data_offsets");
        if (start > end || end - start != ByteLength(name, type, shape))
        {
            throw Broken(name, $"has data_offsets [{start}, {end}], expected {ByteLength(name, type, shape)} bytes "
                + $"for {type} [{string.Join(", ", shape)}]");
        }
        return new SafeTensorsEntry(name, type, shape, start, end);
    }

    private readonly long ByteLength(string name, string type, List<long> shape)
    {
        long bits = BitsOf(type);
        if (bits == 0)
            throw Broken(name, $"has dtype '{Shown(type)}', expected one of the safetensors format");
        try
        {
            foreach (var dimension in shape)
                bits = checked(bits * dimension);
        }
        catch (OverflowException)
        {
            throw Broken(name, $"has shape [{string.Join(", ", shape)}], expected fewer than 2^63 bits");
        }
        return bits % 8 == 0 ? bits / 8 : throw Broken(name, $"has {bits} bits, expected whole bytes");
    }

    private List<long> ReadIntegers(string name, string field, int most)
    {
        Expect(JsonTokenType.StartArray, $"tensor '{Shown(name)}' has a {field} that is no array, expected integers");
        var integers = new List<long>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var integer) || integer < 0)
                throw Broken(name, $"has a {field} with something else than integers from 0 to 2^63 - 1, expected only those");
            if (integers.Count == most)
                throw Broken(name, $"has more than {most} numbers in its {field}, expected at most {most}");
            integers.Add(integer);
        }
        return integers;
    }

    private void SkipMetadata()
    {
        const string Complaint = "__metadata__ is no object of strings, expected one";
        Expect(JsonTokenType.StartObject, Complaint);
        while (NextKey() is not null)
            Expect(JsonTokenType.String, Complaint);
    }

    /// <summary>The next key of the object that the reader is in, or null at its end.</summary>
    private string? NextKey()
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.PropertyName ? _reader.GetString() : null;
    }

    private void Expect(JsonTokenType type, string complaint)
    {
        _reader.Read();
        if (_reader.TokenType != type)
            throw new InputException($"{_file}: {complaint}.");
    }

    private readonly InputException Broken(string name, string complaint) => new($"{_file}: tensor '{Shown(name)}' {complaint}.");

    private static void RefuseGaps(string file, IEnumerable<SafeTensorsEntry> entries, long dataLength)
    {
        long covered = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (entry.Start != covered)
            {
                throw new InputException($"{file}: tensor '{Shown(entry.Name)}' starts at byte {entry.Start} of the data, "
                    + $"expected {covered} (no gaps, no overlaps).");
            }
            covered = entry.End;
        }
        if (covered != dataLength)
        {
            throw new InputException(
                $"{file} holds {dataLength} bytes of data, expected {covered} as its header says (is the file complete?).");
        }
    }
}
