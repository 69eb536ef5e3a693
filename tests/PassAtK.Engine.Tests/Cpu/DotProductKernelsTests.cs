using System.Runtime.InteropServices;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>The opt-in BF16 dot product, on processors that have it.</summary>
public unsafe class DotProductKernelsTests
{
    private const int Lanes = PackedMatrix.PanelOutputs;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 40)]
    [InlineData(4, 7)]
    [InlineData(7, 21)]
    [InlineData(8, 64)]
    [InlineData(21, 33)]
    public void Each_pair_adds_its_odd_product_and_then_its_even_one_each_rounded_once(int rows, int pairs)
    {
        SkipWhereUnsupported();
        var (a, b) = (Numbers(rows * 2 * pairs, 1), Numbers(2 * pairs * Lanes, 2));
        var expected = new float[rows * Lanes];
        for (var i = 0; i < expected.Length; i++)
        {
            var (row, lane) = Math.DivRem(i, Lanes);
            for (var pair = 0; pair < pairs; pair++)
            {
                var (even, odd) = (a[(row * 2 * pairs) + (2 * pair)], a[(row * 2 * pairs) + (2 * pair) + 1]);
                var weights = ((pair * Lanes) + lane) * 2;
                expected[i] = MathF.FusedMultiplyAdd(Single(odd), Single(b[weights + 1]), expected[i]);
                expected[i] = MathF.FusedMultiplyAdd(Single(even), Single(b[weights]), expected[i]);
            }
        }
        Assert.Equal(expected, Product(a, b, rows, pairs, pairs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    public void Sums_that_rest_between_blocks_of_inputs_are_the_same(int rows)
    {
        SkipWhereUnsupported();
        var (a, b) = (Numbers(rows * 200, 1), Numbers(200 * Lanes, 2));
        Assert.Equal(Product(a, b, rows, 100, 100), Product(a, b, rows, 100, 37));
    }

    [Fact]
    public void Rounding_is_to_nearest_with_ties_to_even()
    {
        SkipWhereUnsupported();
        var random = new Random(3);
        var source = new float[1600];
        for (var i = 0; i < source.Length; i++)
            source[i] = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
        uint[] special = [0x3F808000, 0x3F818000, 0x3F808001, 0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7F800001, 0x80000000, 0x00000001];
        for (var i = 0; i < special.Length; i++)
            source[i] = BitConverter.UInt32BitsToSingle(special[i]);
        var rounded = new ushort[source.Length];
        fixed (float* from = source)
        fixed (ushort* to = rounded)
            DotProductKernels.Round(from, to, source.Length);
        Assert.Equal([0x3F80, 0x3F82, 0x3F81, 0x7F80, 0x7F80, 0xFF80], rounded[..6]);
        for (var i = 0; i < source.Length; i++)
        {
            var result = (double)Single(rounded[i]);
            Assert.Equal(float.IsNaN(source[i]), double.IsNaN(result));
            if (!float.IsFinite(source[i]) || double.IsInfinity(result))
                continue;
            // No neighbour in BF16 is nearer.
            var distance = Math.Abs(source[i] - result);
            Assert.True(distance <= Math.Abs(source[i] - (double)Single((ushort)(rounded[i] + 1))));
            Assert.True((rounded[i] & 0x7FFF) == 0 || distance <= Math.Abs(source[i] - (double)Single((ushort)(rounded[i] - 1))));
        }
    }

    [Fact]
    public void Logits_stay_near_the_reference_and_depend_on_the_branch_alone()
    {
        SkipWhereUnsupported();
        var model = new TinyModel(TinyModel.SmallConfig with { QueryKeyValueBias = true, IntermediateSize = 9000 }, DataType.BF16);
        var tokens = BackendRun.Tokens(75);
        using var run = new CpuRun(model, threads: 2, roundActivations: true);
        Assert.Equal("cpu-bf16", run.Backend.Name);
        var table = run.Table(75);
        var logits = run.Run(tokens, 0, table, 75);
        Assert.Equal(logits, run.Run(tokens, 0, run.Table(75), 33));
        Assert.Equal(logits[74], run.Run(tokens[74..], 74, table, 1)[0]);
        var reference = new ReferenceModel(model).Logits(tokens);
        using var exact = new CpuRun(model);
        var unrounded = exact.Run(tokens, 0, exact.Table(75), 75);
        Assert.NotEqual(unrounded, logits);
        for (var row = 0; row < logits.Length; row++)
        {
            var largest = reference[row].Max(Math.Abs);
            Assert.InRange(reference[row].Zip(logits[row], (e, l) => Math.Abs(e - l)).Max() / largest, 0, 0.03);
        }
    }

    [Fact]
    public void Weights_of_other_types_are_not_concerned()
    {
        SkipWhereUnsupported();
        var model = new TinyModel(TinyModel.SmallConfig, DataType.F16);
        var tokens = BackendRun.Tokens(20);
        using var rounded = new CpuRun(model, roundActivations: true);
        using var exact = new CpuRun(model);
        Assert.Equal(exact.Run(tokens, 0, exact.Table(20), 20), rounded.Run(tokens, 0, rounded.Table(20), 20));
    }

    private static void SkipWhereUnsupported() =>
        Assert.SkipUnless(DotProductKernels.IsSupported, "this processor or system has no BF16 dot product");

    /// <summary>A times the panel, `step` pairs at a time.</summary>
    private static float[] Product(ushort[] a, ushort[] b, int rows, int pairs, int step)
    {
        var sums = new float[rows * Lanes];
        using var panel = new NativeBuffer(b.Length * 2);
        MemoryMarshal.AsBytes(b.AsSpan()).CopyTo(panel.Span<byte>(0, b.Length * 2));
        fixed (ushort* left = a)
        fixed (float* c = sums)
        {
            for (var pair = 0; pair < pairs; pair += step)
            {
                DotProductKernels.Panel(
                    left + (2 * pair), 2 * pairs, rows, panel.Bytes + (pair * BF16Panels.PairBytes), Math.Min(step, pairs - pair), c, pair > 0);
            }
        }
        return sums;
    }

    private static ushort[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (ushort)(BitConverter.SingleToUInt32Bits((2 * random.NextSingle()) - 1) >> 16))];
    }

    private static float Single(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
