using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class GemmTests
{
    [Fact]
    public void Products_are_right_within_rounding_in_every_tile() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(7);
        foreach (var tile in GemmTile.All)
        {
            foreach (var format in ElementFormat.All)
            {
                foreach (var maxRows in (int[])[1, tile.Rows, tile.Rows + random.Int(1, 20)])
                {
                    var problem = new GemmProblem(random, format, maxRows, random.Int(1, tile.Outputs + 20), 8 * random.Int(1, 40));
                    problem.Check(device, tile, outputF32: !format.IsF16);
                }
            }
        }
    });

    [Fact]
    public void Groups_of_row_tiles_cover_long_prompts() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(8);
        new GemmProblem(random, ElementFormat.All[0], (16 * 19) - 3, 40, 24).Check(device, new GemmTile(16, 16), outputF32: true);
    });

    [Fact]
    public void Tiles_of_every_shape_give_equal_bits() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(9);
        foreach (var format in ElementFormat.All)
        {
            var problem = new GemmProblem(random, format, 21, 70, 328);
            var expected = problem.Run(device, GemmTile.All[0], outputF32: !format.IsF16);
            foreach (var tile in GemmTile.All.Skip(1))
                Assert.True(expected.AsSpan().SequenceEqual(problem.Run(device, tile, outputF32: !format.IsF16)), $"{format} {tile}");
        }
    });

    [Fact]
    public void A_row_has_the_same_bits_whatever_rows_are_with_it() => KernelDevice.InEachMode(device =>
    {
        var random = new RandomRows(10);
        var problem = new GemmProblem(random, ElementFormat.All[1], 20, 40, 136);
        var together = problem.Run(device, new GemmTile(64, 32), outputF32: false);
        for (var row = 0; row < problem.Rows; row += 3)
        {
            var alone = problem.Only(row).Run(device, new GemmTile(16, 32), outputF32: false);
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
}
