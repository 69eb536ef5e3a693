using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using PassAtK.Engine.Checkpoints;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class SafeTensorsFileTests : IDisposable
{
    private const string OnePair = """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_written_by_hand_reads_as_its_numbers()
    {
        // 1.0 and -2.0 as F16; 1.5 and -0.0 as F32; 3.0 as BF16. The data of 'b' stands before that of 'a'.
        byte[] data = [0x00, 0x00, 0xC0, 0x3F, 0x00, 0x00, 0x00, 0x80, 0x00, 0x3C, 0x00, 0xC0, 0x40, 0x40];
        using var file = Open("""
            {"a":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},"b":{"shape":[2,1],"data_offsets":[0,8],"dtype":"F32"},
             "__metadata__":{"format":"pt"},"\u0063":{"dtype":"BF16","shape":[1,1],"data_offsets":[12,14]}}
            """, data);
        Assert.Equal(["a", "b", "c"], file.Entries.Keys.Order());

        var a = file.Get("a");
        Assert.Equal((DataType.F16, 1, 2), (a.Type, a.Rows, a.Columns));
        Assert.Equal([(Half)1, (Half)(-2)], Read<Half>(a, 0, 1));

        var b = file.Get("b");
        Assert.Equal((DataType.F32, 2, 1), (b.Type, b.Rows, b.Columns));
        Assert.Equal([1.5f, -0f], Read<float>(b, 0, 2));
        Assert.Equal([-0f], Read<float>(b, 1, 1));

        Assert.Equal(DataType.BF16, file.Get("c").Type);
        Assert.Equal([(ushort)0x4040], Read<ushort>(file.Get("c"), 0, 1));
    }

    [Fact]
    public void A_tensor_that_was_let_go_takes_no_memory_and_reads_the_same_again()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs /proc/self/smaps");
        const int Size = 24 << 20;
        // The system maps what lies around a page that is asked for along with it, up to a huge page at either end.
        const int Around = 2 * (2 << 20);
        var data = new byte[Size];
        new Random(1).NextBytes(data);
        using var file = Open($$$"""{"w":{"dtype":"BF16","shape":[512,{{{Size / 1024}}}],"data_offsets":[0,{{{Size}}}]}}""", data);
        var tensor = file.Get("w");
        var first = Read<byte>(tensor, 0, 512);
        Assert.InRange(Resident(_folder.File("m.safetensors")), Size - Around, long.MaxValue);
        tensor.Release();
        Assert.InRange(Resident(_folder.File("m.safetensors")), 0, Around);
        Assert.True(data.AsSpan().SequenceEqual(first));
        Assert.True(data.AsSpan().SequenceEqual(Read<byte>(tensor, 0, 512)));
    }

    /// <summary>Bytes of a mapped file that count as this process's memory.</summary>
    private static long Resident(string path)
    {
        var (bytes, counts) = (0L, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains('-', StringComparison.Ordinal) && line.Contains(" r", StringComparison.Ordinal))
                counts = line.EndsWith(path, StringComparison.Ordinal);
            else if (counts && line.StartsWith("Rss:", StringComparison.Ordinal))
                bytes += 1024 * long.Parse(line.AsSpan(4, line.Length - 6).Trim(), System.Globalization.CultureInfo.InvariantCulture);
        }
        return bytes;
    }

    [Fact]
    public void Rows_of_any_length_and_number_are_copied_exactly()
    {
        // Around the page that bulk copies go by, and at an odd place in the file.
        var random = new Random(1);
        foreach (var columns in new[] { 1, 2, 3, 1023, 1024, 1025, 2048, 5000 })
        {
            var data = new byte[1 + (columns * 2 * 7)];
            random.NextBytes(data);
            using var file = Open($$$"""
                {"odd":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
                 "w":{"dtype":"BF16","shape":[7,{{{columns}}}],"data_offsets":[1,{{{data.Length}}}]}}
                """, data);
            var tensor = file.Get("w");
            for (var first = 0; first <= 7; first++)
            {
                for (var count = 0; first + count <= 7; count++)
                {
                    var (start, length) = (1 + (first * columns * 2), count * columns * 2);
                    Assert.Equal(data[start..(start + length)], Read<byte>(tensor, first, count));
                }
            }
        }
    }

    [Fact]
    public void Rows_past_the_end_and_parts_of_rows_are_a_callers_error()
    {
        using var file = Open("""{"w":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}}""", new byte[24]);
        var tensor = file.Get("w");
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.ReadRows(2, new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.ReadRows(-1, new byte[8]));
        Assert.Throws<ArgumentException>(() => tensor.ReadRows(0, new byte[7]));
    }

    [Fact]
    public void Tensors_beyond_four_gigabytes_are_read()
    {
        // The file is sparse: a hole of 5 GB, and then 16 bytes.
        const long Hole = 5_000_000_000;
        var header = Encoding.UTF8.GetBytes($$$"""
            {"hole":{"dtype":"U8","shape":[{{{Hole}}}],"data_offsets":[0,{{{Hole}}}]},
             "w":{"dtype":"F32","shape":[2,2],"data_offsets":[{{{Hole}}},{{{Hole + 16}}}]}}
            """);
        var path = _folder.File("large.safetensors");
        using (var stream = File.Create(path))
        {
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
            stream.Write(prefix);
            stream.Write(header);
            stream.SetLength(stream.Position + Hole);
            stream.Seek(0, SeekOrigin.End);
            stream.Write(MemoryMarshal.AsBytes<float>([1, 2, 3, 4]));
        }
        using var file = SafeTensorsFile.Open(path);
        Assert.Equal([3f, 4f], Read<float>(file.Get("w"), 1, 1));
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F64", 8)]
    [InlineData("BOOL", 1)]
    public void Other_types_may_be_in_the_file_and_are_refused_when_asked_for(string type, int size)
    {
        using var file = Open($$$"""{"ids":{"dtype":"{{{type}}}","shape":[3],"data_offsets":[0,{{{3 * size}}}]}}""", new byte[3 * size]);
        Assert.Equal(type, file.Entries["ids"].Type);
        Assert.Equal($"m.safetensors: tensor 'ids' has dtype {type}, expected F32, F16 or BF16.",
            Assert.Throws<InputException>(() => file.Get("ids")).Message);
    }

    [Fact]
    public void Scalars_cubes_and_empty_tensors_may_be_in_the_file_and_are_refused_when_asked_for()
    {
        using var file = Open("""
            {"scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"cube":{"dtype":"F32","shape":[1,1,1],"data_offsets":[4,8]},
             "empty":{"dtype":"F32","shape":[0,5],"data_offsets":[8,8]},"none":{"dtype":"F4","shape":[2],"data_offsets":[8,9]}}
            """, new byte[9]);
        Assert.Equal(4, file.Entries.Count);
        foreach (var (name, shape) in new[] { ("scalar", "[]"), ("cube", "[1, 1, 1]"), ("empty", "[0, 5]") })
        {
            Assert.Equal(
                $"m.safetensors: tensor '{name}' has shape {shape}, expected one or two dimensions from 1 to 536870911.",
                Assert.Throws<InputException>(() => file.Get(name)).Message);
        }
        Assert.Equal("m.safetensors: tensor 'other' is missing.", Assert.Throws<InputException>(() => file.Get("other")).Message);
    }

    [Theory]
    [InlineData("""[]""", 0, "the header does not begin with '{', expected a JSON object of tensors.")]
    [InlineData(""" {}""", 0, "the header does not begin with '{', expected a JSON object of tensors.")]
    [InlineData("""{"a":""", 0, "the header is not valid JSON at byte ")]
    [InlineData("""{} {}""", 0, "the header is not valid JSON at byte ")]
    [InlineData("""{"\ud800":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4, "the header holds a string with half a surrogate pair")]
    [InlineData("""{"a":7}""", 0, "tensor 'a' is no object")]
    [InlineData("""{"__metadata__":{"format":1}}""", 0, "__metadata__ is no object of strings, expected one.")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "the header has two '__metadata__' keys")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4,
        "tensor 'a' is in the header twice, expected once.")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2]}}""", 4, "tensor 'a' lacks a field")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0]}}""", 4, "tensor 'a' lacks a field")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4,4]}}""", 4, "tensor 'a' has more than 2 numbers in its data_offsets")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"shape":[2],"data_offsets":[0,4]}}""", 4, "tensor 'a' has an unknown or repeated field 'shape'")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4],"x":1}}""", 4, "tensor 'a' has an unknown or repeated field 'x'")]
    [InlineData("""{"a":{"dtype":7,"shape":[2],"data_offsets":[0,4]}}""", 4, "tensor 'a' has a dtype that is no string")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,4]}}""", 4, "tensor 'a' has dtype 'Q4'")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,4]}}""", 4, "tensor 'a' has 12 bits, expected whole bytes.")]
    [InlineData("""{"a":{"dtype":"F16","shape":[-2],"data_offsets":[0,4]}}""", 4, "tensor 'a' has a shape with something else than integers")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2.0],"data_offsets":[0,4]}}""", 4, "tensor 'a' has a shape with something else than integers")]
    [InlineData("""{"a":{"dtype":"F16","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "tensor 'a' has a shape with something else")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,4]}}""", 4, "tensor 'a' has more than 8 numbers in its shape")]
    [InlineData("""{"a":{"dtype":"F16","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "tensor 'a' has shape [4294967296, 4294967296], expected fewer than 2^63 bits.")]
    [InlineData("""{"a":{"dtype":"F16","shape":[3],"data_offsets":[0,4]}}""", 4, "tensor 'a' has data_offsets [0, 4], expected 6 bytes for F16 [3].")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[4,0]}}""", 4, "tensor 'a' has data_offsets [4, 0], expected 4 bytes for F16 [2].")]
    [InlineData("""{"a":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}""", 4, "tensor 'a' starts at byte 2 of the data, expected 0 (no gaps, no overlaps).")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}""", 4,
        "tensor 'b' starts at byte 2 of the data, expected 4 (no gaps, no overlaps).")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[9223372036854775800,9223372036854775804]}}""", 4, "tensor 'a' starts at byte")]
    public void A_header_that_breaks_a_rule_is_refused_with_the_tensor(string header, int dataLength, string complaint) =>
        Assert.StartsWith(
            $"m.safetensors: {complaint}", Refusal(StoredTensor.ToFile(header, new byte[dataLength])), StringComparison.Ordinal);

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Data_that_is_cut_short_or_goes_on_is_refused(int dataLength) => Assert.Equal(
        $"m.safetensors holds {dataLength} bytes of data, expected 4 as its header says (is the file complete?).",
        Refusal(StoredTensor.ToFile(OnePair, new byte[dataLength])));

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = StoredTensor.ToFile(OnePair, new byte[4]);
        for (var length = 0; length < whole.Length; length++)
            Assert.StartsWith("m.safetensors ", Refusal(whole[..length]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_length_beyond_the_file_allocates_nothing()
    {
        foreach (var claimed in new ulong[] { 9, 100_000_000, 100_000_001, uint.MaxValue, ulong.MaxValue >> 1, ulong.MaxValue })
        {
            var bytes = new byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimed);
            var path = _folder.File("m.safetensors");
            File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var refusal = Assert.Throws<InputException>(() => SafeTensorsFile.Open(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
            Assert.Equal($"m.safetensors states a header of {claimed} bytes, expected at most 8 (is the file complete?).", refusal.Message);
        }
    }

    [Fact]
    public void A_header_that_is_not_text_is_refused()
    {
        var bytes = StoredTensor.ToFile(OnePair, new byte[4]);
        bytes[8 + 2] = 0xFF;
        Assert.Equal("m.safetensors: the header is not UTF-8 text, expected a JSON object of tensors.", Refusal(bytes));
    }

    [Fact]
    public void Long_and_many_lined_names_are_shortened_in_complaints()
    {
        var refusal = Refusal(StoredTensor.ToFile($$"""{"a\n{{new string('x', 5000)}}":7}""", []));
        Assert.InRange(refusal.Length, 100, 300);
        Assert.DoesNotContain('\n', refusal);
    }

    [Fact]
    public void A_missing_file_is_refused_with_its_folder() => Assert.Equal(
        $"x.safetensors is missing from {_folder.Path}, expected a safetensors file.",
        Assert.Throws<InputException>(() => SafeTensorsFile.Open(_folder.File("x.safetensors"))).Message);

    private static T[] Read<T>(WeightTensor tensor, int first, int count)
        where T : unmanaged
    {
        var bytes = new byte[count * tensor.RowLength];
        tensor.ReadRows(first, bytes);
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    private SafeTensorsFile Open(string header, byte[] data)
    {
        var path = _folder.File("m.safetensors");
        File.WriteAllBytes(path, StoredTensor.ToFile(header, data));
        return SafeTensorsFile.Open(path);
    }

    private string Refusal(byte[] bytes)
    {
        File.WriteAllBytes(_folder.File("m.safetensors"), bytes);
        return Assert.Throws<InputException>(() => SafeTensorsFile.Open(_folder.File("m.safetensors"))).Message;
    }
}
