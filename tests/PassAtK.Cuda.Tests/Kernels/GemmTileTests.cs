using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class GemmTileTests
{
    [Fact]
    public void Every_block_fits_an_Ampere_multiprocessor_and_copies_whole_rows_in_a_pass() => Assert.All(GemmTile.All, tile =>
    {
        Assert.InRange(tile.SharedBytes, 1, 163 * 1024);
        var chunksOfRow = tile.Rows == 16 ? 16 : 8;
        Assert.Equal(0, tile.Rows % (tile.Threads / chunksOfRow));
        Assert.Equal(0, tile.Outputs % (tile.Threads / chunksOfRow));
    });

    [Theory]
    [InlineData(1, 4096, 132, 16, 16)]
    [InlineData(16, 6144, 132, 16, 32)]
    [InlineData(16, 28672, 132, 16, 64)]
    [InlineData(17, 4096, 132, 64, 32)]
    [InlineData(64, 28672, 132, 64, 64)]
    [InlineData(128, 4096, 132, 64, 32)]
    [InlineData(2048, 4096, 132, 128, 128)]
    [InlineData(65, 128256, 132, 128, 128)]
    public void Tiles_are_as_large_as_keeps_every_multiprocessor_busy(int rows, int outputs, int multiprocessors, int tileRows, int tileOutputs) =>
        Assert.Equal(new GemmTile(tileRows, tileOutputs), GemmTile.Choose(rows, outputs, multiprocessors));

    [Fact]
    public void Whatever_is_chosen_covers_the_rows_of_a_decoding_step_at_once()
    {
        for (var rows = 1; rows <= 64; rows++)
        {
            foreach (var outputs in (int[])[1, 896, 4864, 151936])
            {
                var tile = GemmTile.Choose(rows, outputs, 132);
                Assert.Contains(tile, GemmTile.All);
                Assert.True(tile.Rows >= rows, $"{rows} rows by {outputs}: {tile}");
            }
        }
    }
}
