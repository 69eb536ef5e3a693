using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>mma, ldmatrix and the 16-bit conversions against plain loops.</summary>
[Collection(SimtCollection.Name)]
public class MatrixConformanceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_product_of_whole_numbers_is_exact(bool f16) => InEachMode((probe, random) =>
    {
        for (var round = 0; round < 8; round++)
        {
            // Eight bits a factor: exact in BF16 and F16, and so is the sum in F32. Different everywhere, so that no place can be mistaken.
            int[] a = Distinct(random, 256), b = Distinct(random, 128);
            int[] c = [.. Enumerable.Range(0, 128).Select(_ => random.Next(-1 << 20, 1 << 20))];
            uint Word(int[] values, int at) => Element(values[at], f16) | (uint)Element(values[at + 1], f16) << 16;
            uint[] input =
            [
                .. Enumerable.Range(0, 128).Select(i => Word(a, 2 * i)), .. Enumerable.Range(0, 64).Select(i => Word(b, 2 * i)),
                .. c.Select(value => BitConverter.SingleToUInt32Bits(value)),
            ];
            var output = probe.Run("multiply", input, new uint[128], new Dim3(1), new Dim3(32), f16 ? 1 : 0);
            Assert.Equal(
                Enumerable.Range(0, 128).Select(i => c[i] + Enumerable.Range(0, 16).Sum(k => a[i / 8 * 16 + k] * b[i % 8 * 16 + k])),
                output.Select(bits => (int)BitConverter.UInt32BitsToSingle(bits)));
        }
    });

    [Fact]
    public void What_is_not_finite_stays_in_its_row_and_column() => InEachMode((probe, _) =>
    {
        var input = new uint[192 + 128];
        Array.Fill(input, 0x3f803f80u, 0, 192); // ones
        input[3 * 8] = 0x3f807f80; // A[3, 0] is infinite
        input[128 + 5 * 8] = 0x3f80ffc0; // B[0, 5] is NaN
        var output = probe.Run("multiply", input, new uint[128], new Dim3(1), new Dim3(32));
        Assert.Equal(
            Enumerable.Range(0, 128).Select(i => i % 8 == 5 ? float.NaN : i / 8 == 3 ? float.PositiveInfinity : 16),
            output.Select(BitConverter.UInt32BitsToSingle));
    });

    [Fact]
    public void Each_lane_receives_its_pair_of_every_matrix() => InEachMode((probe, random) =>
    {
        ushort[] rows = [.. Enumerable.Range(0, 256).Select(i => (ushort)(i * 257))];
        int[] named = [.. Enumerable.Range(0, 32)];
        random.Shuffle(named);
        uint[] input =
        [
            .. Enumerable.Range(0, 128).Select(i => rows[2 * i] | (uint)rows[2 * i + 1] << 16), .. named.Select(row => (uint)row),
        ];
        var output = probe.Run("load_matrices", input, new uint[256], new Dim3(1), new Dim3(32));
        for (var lane = 0; lane < 32; lane++)
        {
            for (var matrix = 0; matrix < 4; matrix++)
            {
                uint At(int row, int column) => rows[named[8 * matrix + row] * 8 + column];
                var (row, pair) = (lane / 4, lane % 4 * 2);
                Assert.Equal(At(row, pair) | At(row, pair + 1) << 16, output[4 * lane + matrix]);
                Assert.Equal(At(pair, row) | At(pair + 1, row) << 16, output[128 + 4 * lane + matrix]);
            }
        }
    });

    [Fact]
    public void Conversions_round_to_the_nearest_element_and_ties_to_even() => InEachMode((probe, random) =>
    {
        var values = new List<float>
        {
            0, -0f, 1, -1, float.NaN, BitConverter.UInt32BitsToSingle(0xffc12345), float.PositiveInfinity, float.NegativeInfinity,
            float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon,
            65504, 65519.99f, 65520, -65520, 65536, 5.9604645e-8f, 2.9802322e-8f,
            2.9802326e-8f, 6.097555e-5f, 6.1035156e-5f,
        };
        for (var i = 0; i < 1000; i++)
        {
            values.Add(BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)));
            // Halfway between two BF16, and a hair beside it.
            values.Add(BitConverter.UInt32BitsToSingle((uint)random.Next(1 << 16) << 16 | 0x8000));
            values.Add(BitConverter.UInt32BitsToSingle((uint)random.Next(1 << 16) << 16 | (uint)(random.Next(2) == 0 ? 0x7fff : 0x8001)));
            // Halfway between two F16, denormal ones among them.
            var half = random.Next(0x7bff);
            var (below, above) = (BitConverter.UInt16BitsToHalf((ushort)half), BitConverter.UInt16BitsToHalf((ushort)(half + 1)));
            values.Add((float)(((double)below + (double)above) / 2));
        }
        uint[] input = [.. values.Select(BitConverter.SingleToUInt32Bits)];
        var output = probe.Run("round_to_elements", input, new uint[2 * input.Length], new Dim3(input.Length), new Dim3(32));
        for (var i = 0; i < values.Count; i++)
        {
            var pair = 4 * (i / 2);
            var shift = 16 * (i % 2);
            var f16 = float.IsNaN(values[i]) ? (ushort)0x7fff : BitConverter.HalfToUInt16Bits((Half)values[i]);
            Assert.Equal((values[i], Bfloat16(values[i])), (values[i], (ushort)(output[pair] >> shift)));
            Assert.Equal((values[i], f16), (values[i], (ushort)(output[pair + 1] >> shift)));
            Assert.Equal((float)BitConverter.UInt16BitsToHalf(f16), BitConverter.UInt32BitsToSingle(output[pair + 2 + i % 2]));
        }
    });

    /// <summary>The nearer of the two neighbours, the even one where both are as near; beyond the largest counts as 2^128.</summary>
    private static ushort Bfloat16(float value)
    {
        if (float.IsNaN(value))
            return 0x7fff;
        var below = (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16); // towards zero
        if (float.IsInfinity(value))
            return below;
        static double Magnitude(int bits) =>
            (bits & 0x7fff) == 0x7f80 ? Math.ScaleB(1, 128) : Math.Abs((double)BitConverter.UInt32BitsToSingle((uint)bits << 16));
        var down = Math.Abs((double)value) - Magnitude(below);
        var up = Magnitude(below + 1) - Math.Abs((double)value);
        return (ushort)(down < up || (down == up && below % 2 == 0) ? below : below + 1);
    }

    private static int[] Distinct(Random random, int count)
    {
        int[] values = [.. Enumerable.Range(-128, 256)];
        random.Shuffle(values);
        return values[..count];
    }

    private static ushort Element(int value, bool f16) =>
        f16 ? BitConverter.HalfToUInt16Bits((Half)value) : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);

    private static void InEachMode(Action<Probe, Random> test)
    {
        foreach (var mode in SimtDevice.Modes)
        {
            using var probe = new Probe(mode, MatrixKernels.Source);
            test(probe, new Random(6));
        }
    }
}
