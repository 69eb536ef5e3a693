using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

public class GemmTileTests
{
    private static readonly int[] Outputs = [1, 896, 3584, 4096, 4864, 6144, 14336, 28672, 128256, 151936];

    [Fact]
    public void Every_block_fits_an_Ampere_multiprocessor_and_copies_whole_rows_in_a_pass() => Assert.All(GemmTile.All, tile =>
    {
        Assert.InRange(tile.SharedBytes, 1, 163 * 1024);
        var chunksOfRow = tile.Rows <= 32 ? 16 : 8;
        Assert.Equal(0, tile.Rows % (tile.Threads / chunksOfRow));
        Assert.Equal(0, tile.Outputs % (tile.Threads / chunksOfRow));
    });

    [Theory]
    [InlineData(1, 896, 16, 16)]
    [InlineData(1, 3584, 16, 32)]
    [InlineData(16, 3584, 16, 32)]
    [InlineData(1, 4096, 16, 32)]
    [InlineData(16, 4096, 16, 32)]
    [InlineData(17, 4096, 32, 32)]
    [InlineData(64, 4096, 64, 32)]
    [InlineData(128, 4096, 64, 64)]
    [InlineData(1024, 4096, 128, 128)]
    [InlineData(1, 14336, 16, 16)]
    [InlineData(16, 14336, 16, 64)]
    [InlineData(64, 14336, 64, 128)]
    [InlineData(1, 28672, 16, 32)]
    [InlineData(16, 28672, 16, 64)]
    [InlineData(32, 28672, 32, 64)]
    [InlineData(64, 28672, 64, 128)]
    [InlineData(128, 28672, 128, 128)]
    [InlineData(1, 128256, 16, 64)]
    [InlineData(64, 128256, 64, 128)]
    [InlineData(1024, 128256, 128, 128)]
    public void On_132_multiprocessors_tiles_are_as_large_as_keeps_them_busy(int rows, int outputs, int tileRows, int tileOutputs) =>
        Assert.Equal(new GemmTile(tileRows, tileOutputs), GemmTile.Choose(rows, outputs, 132));

    [Theory]
    [InlineData(1, 16, 64)]
    [InlineData(32, 32, 64)]
    [InlineData(64, 64, 128)]
    [InlineData(1024, 128, 128)]
    public void On_four_multiprocessors_any_wide_product_takes_the_largest_tiles(int rows, int tileRows, int tileOutputs) =>
        Assert.All(Outputs, outputs => Assert.True(outputs < 3584 || GemmTile.Choose(rows, outputs, 4) == new GemmTile(tileRows, tileOutputs)));

    [Fact]
    public void No_tile_costs_a_twentieth_less_than_the_chosen_one_and_none_is_twice_as_tall_as_the_rows()
    {
        foreach (var multiprocessors in (int[])[1, 4, 108, 132])
        {
            foreach (var outputs in Outputs)
            {
                for (var rows = 1; rows <= 300; rows++)
                {
                    var chosen = GemmTile.Choose(rows, outputs, multiprocessors);
                    var cost = chosen.Cost(rows, outputs, multiprocessors);
                    Assert.True(chosen.Rows == 16 || chosen.Rows < 2 * rows);
                    Assert.Contains(chosen, GemmTile.All);
                    Assert.DoesNotContain(GemmTile.All, tile =>
                        (tile.Rows == 16 || tile.Rows < 2 * rows) && tile.Cost(rows, outputs, multiprocessors) < cost / 1.0500001);
                }
            }
        }
    }

    [Fact]
    public void The_cost_counts_bytes_and_idle_multiprocessors()
    {
        // 132 blocks of 16 by 32 fill the device once: 16 rows are read by each of the 132 tiles of outputs, the weights once.
        const int outputs = 132 * 32;
        Assert.Equal(2 * (outputs + (132 * 16)) / 5.5, new GemmTile(16, 32).Cost(16, outputs, 132), 1e-9);
        // One row leaves the memory as the limit, and one block more a second turn.
        Assert.Equal(2 * outputs / 4.8, new GemmTile(16, 32).Cost(1, outputs, 132), 1e-9);
        Assert.Equal(2 * (outputs + 32) / 4.8 * 2 * 132 / 133, new GemmTile(16, 32).Cost(1, outputs + 32, 132), 1e-9);
    }
}
