namespace PassAtK.Engine.Cuda;

/// <summary>
/// What a plan's parts cost, per kv head, in bytes: the keys and values that could be read from memory in the same time. The constants
/// are counted for a device with 4.8 TB/s and about 260 blocks at work; they move work between equal results, never a result.
/// </summary>
/// <param name="HeadDimension">Elements of a head.</param>
/// <param name="Group">Query heads per kv head.</param>
/// <param name="KeyValueHeads">Kv heads, over all of which a saving is summed.</param>
internal readonly record struct AttentionCosts(int HeadDimension, int Group, int KeyValueHeads)
{
    /// <summary>One more launch in sequence, 3 us for the whole device.</summary>
    public const long LevelBytes = 14_000_000;

    /// <summary>From fetching an item to its first product, 2 us of one block.</summary>
    public const long ItemBytes = 36_000;

    /// <summary>Keys and values of a tile, two bytes an element. The products of 64 stacked rows with them take about as long.</summary>
    public long TileBytes => 2L * 2 * AttentionPlan.TileSize * HeadDimension;

    /// <summary>A row's states (m, l, o) written and read.</summary>
    public long StateBytes => 2L * sizeof(float) * (HeadDimension + 2) * Group;

    /// <summary>Items that take <paramref name="rows"/> rows through the same positions.</summary>
    public int Items(int rows) => (rows + RowsPerItem(AttentionPlan.WideShape) - 1) / RowsPerItem(AttentionPlan.WideShape);

    /// <summary>Rows in an item with up to <paramref name="shape"/> stacked rows.</summary>
    public int RowsPerItem(int shape) => Math.Max(1, shape / Group);

    /// <summary>
    /// Whether so few items are at work that the time of one counts, not how many there are. An item of 16 stacked rows takes about half as
    /// long as one of 64, but four times as many read the keys and values; the second-level cache feeds a quarter of the blocks.
    /// </summary>
    public bool LeaveTheDeviceIdle(int items, int concurrentBlocks) =>
        Group <= AttentionPlan.NarrowShape && items * KeyValueHeads * 4 < concurrentBlocks / 4;

    /// <summary>
    /// What it saves, over all kv heads, to take `rows` rows together through `tiles` tiles, when the alternative takes
    /// `alternativeItems` items through them. Unless the tiles end a split, states are handed over and the alternative has no items more.
    /// </summary>
    public long Saving(int rows, int tiles, int alternativeItems, bool endsSplit)
    {
        var items = Items(rows);
        var saved = (alternativeItems - items) * tiles * TileBytes;
        saved += endsSplit ? (alternativeItems - items) * ItemBytes : -(items * ItemBytes) - (rows * StateBytes);
        return saved * KeyValueHeads;
    }
}
