using CsCheck;
using PassAtK.Engine;
using PassAtK.Evaluation.Storage;

namespace PassAtK.Evaluation.Tests.Storage;

public sealed class BlobEncodingTests
{
    [Fact]
    public void Arrays_come_back_as_they_were()
    {
        Gen.Int[0, int.MaxValue].Array.Sample(values => BlobEncoding.ReadIntegers(BlobEncoding.Integers(values)).SequenceEqual(values));
        Gen.Long[0, long.MaxValue].Array.Sample(values => BlobEncoding.ReadLongIntegers(BlobEncoding.Integers(values)).SequenceEqual(values));
        Gen.Float.Array.Sample(values => BlobEncoding.ReadSingles(BlobEncoding.Singles(values)).SequenceEqual(values));
    }

    [Fact]
    public void Integers_take_a_byte_for_each_seven_bits()
    {
        Assert.Equal([0x00, 0x7F, 0x80, 0x01, 0xE5, 0x8E, 0x26], BlobEncoding.Integers((int[])[0, 127, 128, 624485]));
        Assert.Equal([0x00, 0x00, 0x80, 0xBF], BlobEncoding.Singles([-1]));
    }

    [Fact]
    public void An_array_that_is_cut_off_is_refused() => Assert.Throws<InputException>(() => BlobEncoding.ReadIntegers([0x01, 0x80]));
}
