using System.Buffers.Binary;
using System.Text;
using PassAtK.Engine.Checkpoints;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Checkpoints;

/// <summary>Whatever the bytes are, a file is either read within its bounds or refused with an <see cref="InputException"/>.</summary>
public sealed class SafeTensorsFuzzTests : IDisposable
{
    private const string Alphabet = "0123456789-.eE{}[],:\"\\ abFU16shapedtype_data_offsets__metadata__";

    private static readonly byte[] Valid = StoredTensor.ToFile(
    [
        new("model.embed_tokens.weight", "BF16", [5, 4], new byte[40]),
        new("model.norm.weight", "F32", [4], new byte[16]),
        new("mask", "BOOL", [3], new byte[3]),
        new("scale", "F16", [], new byte[2]),
        new("nothing", "F32", [0], []),
    ]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mutated_files_are_read_within_bounds_or_refused()
    {
        var random = new Random(7);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            if (ReadEverything(Mutate(Valid, random)))
                read++;
            else
                refused++;
        }
        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Mutated_headers_are_parsed_or_refused()
    {
        var random = new Random(8);
        var (parsed, refused) = (0, 0);
        for (var round = 0; round < 60_000; round++)
        {
            var mutated = Mutate(Valid, random);
            var header = mutated.AsSpan(Math.Min(8, mutated.Length));
            var dataLength = random.Next(4) == 0 ? random.Next(100) : 61;
            try
            {
                var entries = SafeTensorsHeader.Parse("m", header[..Math.Max(0, header.Length - 61)], dataLength);
                Assert.All(entries.Values, entry => Assert.True(entry.Start >= 0 && entry.Start <= entry.End && entry.End <= dataLength));
                parsed++;
            }
            catch (InputException)
            {
                refused++;
            }
        }
        Assert.True(parsed > 1000 && refused > 10_000, $"{parsed} parsed, {refused} refused");
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new Random(9);
        for (var round = 0; round < 1000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            // Half of the time a header length that fits, so that the bytes reach the parser.
            if (bytes.Length > 9 && random.Next(2) == 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes, random.Next(1, bytes.Length - 8));
                bytes[8] = (byte)'{';
            }
            Assert.False(ReadEverything(bytes));
        }
    }

    [Fact]
    public void Deeply_nested_headers_are_refused() =>
        Assert.False(ReadEverything(StoredTensor.ToFile($$"""{"a":{{new string('[', 1_000_000)}}}""", [])));

    private static byte[] Mutate(byte[] valid, Random random)
    {
        var bytes = valid.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] = (byte)Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 5), bytes.Count - place));
                    break;
                case 3:
                    bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 60), bytes.Count - place)));
                    break;
                case 4:
                    bytes.InsertRange(place, Encoding.ASCII.GetBytes($"{random.NextInt64()}"));
                    break;
                default:
                    ChangeDigit(bytes, place, random);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Changes a number where JSON has one, which keeps the text valid.</summary>
    private static void ChangeDigit(List<byte> bytes, int place, Random random)
    {
        var digit = bytes.FindIndex(place, value => value is >= (byte)'0' and <= (byte)'9');
        if (digit >= 0)
            bytes[digit] = (byte)('0' + random.Next(10));
    }

    /// <summary>Opens and reads all that can be read; false where the file is refused.</summary>
    private bool ReadEverything(byte[] bytes)
    {
        var path = _folder.File("m.safetensors");
        File.WriteAllBytes(path, bytes);
        try
        {
            using var file = SafeTensorsFile.Open(path);
            foreach (var name in file.Entries.Keys)
                TryRead(file, name);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static void TryRead(SafeTensorsFile file, string name)
    {
        WeightTensor tensor;
        try
        {
            tensor = file.Get(name);
        }
        catch (InputException)
        {
            return;
        }
        tensor.ReadRows(0, new byte[tensor.Rows * tensor.RowLength]);
    }
}
