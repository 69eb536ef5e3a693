namespace PassAtK.Cuda.Kernels;

/// <summary>
/// The tile of a product that one block computes. Whatever the tile, an output has the same bits; the choice is one of speed.
/// </summary>
/// <param name="Rows">Rows of the input: 16, 64 or 128.</param>
/// <param name="Outputs">Rows of the weights.</param>
public readonly record struct GemmTile(int Rows, int Outputs)
{
    /// <summary>All that kernels/gemm.cu is compiled for, for few rows first.</summary>
    public static IReadOnlyList<GemmTile> All { get; } = [new(16, 16), new(16, 32), new(16, 64), new(64, 32), new(64, 64), new(128, 128)];

    /// <summary>Threads of a block: a warp for each 16 by 8, 32 by half the outputs, or 64 by 32.</summary>
    public int Threads => Rows switch { 16 => 32 * Outputs / 8, 64 => 128, _ => 256 };

    /// <summary>Dynamic shared memory: the stages of inputs and weights in flight.</summary>
    public int SharedBytes => (Rows + Outputs) * sizeof(ushort) * (Rows switch { 16 => 128 * 5, 64 => 64 * 4, _ => 64 * 3 });

    /// <summary>
    /// The largest tile that covers the rows without much waste and still gives every multiprocessor a block; else the smallest.
    /// </summary>
    public static GemmTile Choose(int rows, int outputs, int multiprocessors)
    {
        ReadOnlySpan<GemmTile> candidates = rows <= 16 ? [new(16, 64), new(16, 32), new(16, 16)]
            : rows <= 64 ? [new(64, 64), new(64, 32)]
            : [new(128, 128), new(64, 64), new(64, 32)];
        foreach (var tile in candidates)
        {
            if (tile.Blocks(rows, outputs) >= multiprocessors)
                return tile;
        }
        return candidates[^1];
    }

    /// <summary>Blocks that cover the product.</summary>
    public int Blocks(int rows, int outputs) => checked(RowLayout.Tiles(rows, Rows) * RowLayout.Tiles(outputs, Outputs));
}
