using static PassAtK.Engine.Cuda.AttentionPlan;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// What a plan costs, in bytes: the keys and values that could be read from memory in the same time. The constants are counted for a
/// device with 4.8 TB/s, 132 multiprocessors and 264 blocks at work; they move work between equal results, never a result.
/// </summary>
/// <param name="HeadDimension">Elements of a head.</param>
/// <param name="Group">Query heads per kv head.</param>
/// <param name="KeyValueHeads">Kv heads, each of which computes every item.</param>
/// <param name="ConcurrentBlocks">Blocks that the device works on at a time; 0: nothing waits for a single block.</param>
internal readonly record struct AttentionCosts(int HeadDimension, int Group, int KeyValueHeads, int ConcurrentBlocks)
{
    /// <summary>One more launch in sequence, 3 us for the whole device.</summary>
    public const long LevelBytes = 14_000_000;

    /// <summary>
    /// What an item takes beside its positions, 0.65 us of one block: the way of its first keys, a tile's chain of products, its end.
    /// </summary>
    public const long ItemBytes = 12_000;

    /// <summary>
    /// Keys and values of a tile, two bytes an element. From memory a multiprocessor takes about 1,580 clocks for them, from the
    /// second-level cache 1,400, and the products of 128 stacked rows with them take 1,600: whatever its shape, an item's tile costs about
    /// as much.
    /// </summary>
    public long TileBytes => 2L * 2 * TileSize * HeadDimension;

    /// <summary>A row's states (m, l, o) written and read.</summary>
    public long StateBytes => 2L * sizeof(float) * (HeadDimension + 2) * Group;

    /// <summary>Items of a shape that take <paramref name="rows"/> rows through the same positions.</summary>
    public int Items(int rows, int shape) => (rows + RowsPerItem(shape) - 1) / RowsPerItem(shape);

    /// <summary>Rows in an item with up to <paramref name="shape"/> stacked rows.</summary>
    public int RowsPerItem(int shape) => Math.Max(1, shape / Group);

    /// <summary>
    /// What it saves, over all kv heads, to take `rows` rows together through `tiles` tiles in `items` items, when the alternative takes
    /// `alternativeItems` items through them. Unless the tiles end a split, states are handed over and the alternative has no items more.
    /// </summary>
    public long Saving(int rows, int tiles, int items, int alternativeItems, bool endsSplit)
    {
        var saved = (alternativeItems - items) * tiles * TileBytes;
        saved += endsSplit ? (alternativeItems - items) * ItemBytes : -(items * ItemBytes) - (rows * StateBytes);
        return saved * KeyValueHeads;
    }

    /// <summary>
    /// A whole plan: its states, and level by level the launch and either all items' work on a full device or, where that is more, the
    /// longest item's time on a device that waits for it.
    /// </summary>
    public long Of(AttentionPlan plan)
    {
        var cost = (plan.StateSlots * StateBytes * KeyValueHeads) + (plan.LevelCount * LevelBytes);
        foreach (var level in plan.Levels)
        {
            long work = 0, longest = 0;
            foreach (var item in plan.Items.Slice(level.First, level.Count))
            {
                var positions = item.End - (item.FirstTile * TileSize);
                work += ((positions * TileBytes / TileSize) + ItemBytes) * KeyValueHeads;
                longest = Math.Max(longest, (Tiles(item) * TileBytes * SixteenthsAlone(item.Shape) / 16) + ItemBytes);
            }
            cost += Math.Max(work, longest * ConcurrentBlocks);
        }
        return cost;
    }

    /// <summary>
    /// A tile's time where a block has its multiprocessor to itself, in sixteenths of its time where two share it: 900, 1,500 and 2,400
    /// clocks of about 3,000. Two warps hide each other's exponentials; one alone does not.
    /// </summary>
    private static int SixteenthsAlone(int shape) => shape == NarrowShape ? 5 : shape == MiddleShape ? 8 : 13;
}
