namespace PassAtK.Cuda.Kernels;

/// <summary>
/// The tile of a product that one block computes. Whatever the tile, an output has the same bits; the choice is one of speed.
/// </summary>
/// <param name="Rows">Rows of the input: 16, 32, 64 or 128.</param>
/// <param name="Outputs">Rows of the weights.</param>
public readonly record struct GemmTile(int Rows, int Outputs)
{
    /// <summary>All that kernels/gemm.cu is compiled for, the smallest first.</summary>
    public static IReadOnlyList<GemmTile> All { get; } =
        [new(16, 16), new(16, 32), new(16, 64), new(32, 32), new(32, 64), new(64, 32), new(64, 64), new(64, 128), new(128, 128)];

    /// <summary>Threads of a block: a warp for each 16 by 8, 32 by 16, 32 by half of at most 64 outputs, or 64 by 32.</summary>
    public int Threads => Rows switch
    {
        16 => 32 * Outputs / 8,
        32 => 32 * Outputs / 16,
        64 => Outputs <= 64 ? 128 : 256,
        _ => 256,
    };

    /// <summary>Dynamic shared memory: the stages of inputs and weights in flight.</summary>
    public int SharedBytes => (Rows + Outputs) * sizeof(ushort) * (Rows switch { 16 => 128 * 5, 32 => 128 * 4, 64 => 64 * 4, _ => 64 * 3 });

    // What the cost leaves out, such as a block's start, speaks for fewer and larger tiles.
    private const double Indifference = 1.05;

    /// <summary>The largest tile, no taller than covers the rows, whose <see cref="Cost"/> is within a twentieth of the least.</summary>
    /// <param name="rows">Rows launched for.</param>
    /// <param name="outputs">Rows of the weights.</param>
    /// <param name="multiprocessors">Of the device.</param>
    public static GemmTile Choose(int rows, int outputs, int multiprocessors)
    {
        var least = double.PositiveInfinity;
        foreach (var tile in All)
        {
            if (tile.Suits(rows))
                least = Math.Min(least, tile.Cost(rows, outputs, multiprocessors));
        }
        for (var index = All.Count - 1; ; index--)
        {
            if (index == 0 || (All[index].Suits(rows) && All[index].Cost(rows, outputs, multiprocessors) <= Indifference * least))
                return All[index];
        }
    }

    /// <summary>
    /// What a product is expected to take, in picoseconds for each of its inputs: the slower of its bytes from the second-level cache to
    /// the multiprocessors (5.5 TB/s) and its weights from memory (4.8 TB/s), longer by what the last turn of blocks leaves idle. A turn is
    /// one block a multiprocessor, though several are resident: one has enough in flight for its share of the memory, and two share it.
    /// </summary>
    internal double Cost(int rows, int outputs, int multiprocessors)
    {
        var rowTiles = RowLayout.Tiles(rows, Rows);
        var outputTiles = RowLayout.Tiles(outputs, Outputs);
        var elements = ((double)rowTiles * outputs) + ((double)outputTiles * rows);
        var turns = (double)rowTiles * outputTiles / multiprocessors;
        return sizeof(ushort) * Math.Max(elements / 5.5, outputs / 4.8) * Math.Ceiling(turns) / Math.Max(turns, double.Epsilon);
    }

    private bool Suits(int rows) => Rows == 16 || Rows < 2 * rows;

    /// <summary>Blocks that cover the product.</summary>
    public int Blocks(int rows, int outputs) => checked(RowLayout.Tiles(rows, Rows) * RowLayout.Tiles(outputs, Outputs));
}
