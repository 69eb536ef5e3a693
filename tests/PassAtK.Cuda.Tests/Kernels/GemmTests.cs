using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class GemmTests
{
    // A tile of each number of rows; the others of a number differ in how many warps there are.
    private static readonly GemmTile[] OneOfEachHeight = [new(16, 32), new(32, 64), new(64, 128), new(128, 128)];

    [Fact]
    public void Products_are_right_within_rounding_in_every_tile() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(7);
        foreach (var tile in TilesOf(device))
            CheckSizes(device, random, ElementFormat.All[0], tile, outputF32: true);
    });

    [Fact]
    public void F16_products_are_rounded_to_F16() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(6);
        foreach (var tile in device.IsChecked ? [] : OneOfEachHeight)
            CheckSizes(device, random, ElementFormat.All[1], tile, outputF32: false);
    });

    [Fact]
    public void Groups_of_row_tiles_cover_long_prompts() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(8);
        new GemmProblem(random, ElementFormat.All[0], (16 * 19) - 3, 40, 24).Check(device, OneOfEachHeight[0], outputF32: true);
    });

    [Fact]
    public void Tiles_of_every_shape_give_equal_bits() => KernelDevice.InEachMode(device =>
    {
        var problem = new GemmProblem(new RandomRows(9), ElementFormat.All[0], 21, 70, 328);
        var tiles = TilesOf(device);
        var expected = problem.Run(device, tiles[0], outputF32: true);
        foreach (var tile in tiles.Skip(1))
            Assert.True(expected.AsSpan().SequenceEqual(problem.Run(device, tile, outputF32: true)), $"{tile}");
    });

    [Theory]
    [InlineData(32, 63, 2)]
    [InlineData(63, 64, 0)]
    [InlineData(320, 351, 2)]
    [InlineData(351, 352, 0)]
    public void Products_of_32_inputs_are_summed_before_they_join_the_rest(int first, int second, int gained) =>
        KernelDevice.InEachMode(device =>
        {
            // Beside 2^24 a single 1 is lost; two in one group count as 2.
            const float large = 1 << 24;
            var row = new float[360];
            (row[0], row[first], row[second]) = (large, 1, 1);
            foreach (var tile in TilesOf(device))
            {
                var words = new GemmProblem(row).Run(device, tile, outputF32: true);
                Assert.Equal(large + gained, BitConverter.Int32BitsToSingle(words[0] | (words[1] << 16)));
            }
        });

    [Fact]
    public void A_row_has_the_same_bits_whatever_rows_are_with_it() => KernelDevice.InEachMode(device =>
    {
        var problem = new GemmProblem(new RandomRows(10), ElementFormat.All[0], 20, 40, 136);
        var together = problem.Run(device, new GemmTile(64, 128), outputF32: true);
        for (var row = 0; row < problem.Rows; row += 3)
        {
            var alone = problem.Only(row).Run(device, new GemmTile(16, 32), outputF32: true);
            var stride = together.Length / 20;
            Assert.Equal(together[(row * stride)..((row + 1) * stride)], alone);
        }
    });

    [Theory]
    [InlineData(12, 16, 8)]
    [InlineData(16, 20, 8)]
    [InlineData(16, 16, 12)]
    [InlineData(16, 8, 8)]
    [InlineData(16, 16, 0)]
    public void Rows_that_are_not_whole_words_or_do_not_fit_are_refused(int inputs, int inputStride, int outputStride) =>
        KernelDevice.InEachMode(device =>
        {
            var parameters = new GemmParams { Outputs = 5, Inputs = inputs, InputStride = inputStride, OutputStride = outputStride };
            var gemm = new Gemm(device.Compiler, 1, elementF16: false, outputF32: false);
            Assert.Throws<ArgumentException>(() => gemm.Launch(parameters, 1, device.Stream));
        });

    private static IReadOnlyList<GemmTile> TilesOf(KernelDevice device) => device.IsChecked ? OneOfEachHeight : GemmTile.All;

    private static void CheckSizes(KernelDevice device, RandomRows random, ElementFormat format, GemmTile tile, bool outputF32)
    {
        foreach (var maxRows in (int[])[1, tile.Rows, tile.Rows + random.Int(1, 20)])
        {
            var problem = new GemmProblem(random, format, maxRows, random.Int(1, tile.Outputs + 20), 8 * random.Int(1, 40));
            problem.Check(device, tile, outputF32);
        }
    }
}
