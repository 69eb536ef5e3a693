using System.Runtime.InteropServices;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// A step's attention as the kernels take it: items level by level, the longest of a level first, the block numbers they refer to, and
/// which states make up a row of several splits. Filled by <see cref="AttentionPlanner"/>, cleared and used again: a steady state
/// allocates nothing.
/// </summary>
internal sealed class AttentionPlan
{
    /// <summary>Positions in a tile.</summary>
    public const int TileSize = 64;

    /// <summary>Tiles in a split.</summary>
    public const int SplitTiles = 16;

    /// <summary>Positions in a split.</summary>
    public const int SplitSize = TileSize * SplitTiles;

    /// <summary>Blocks in a tile.</summary>
    public const int TileBlocks = TileSize / BlockTable.BlockSize;

    /// <summary>Most stacked rows of an item whose warps divide the columns.</summary>
    public const int NarrowShape = 16;

    /// <summary>Most stacked rows of an item whose warps divide the rows, 16 for each.</summary>
    public const int MiddleShape = 64;

    /// <summary>Most stacked rows of an item whose warps divide the rows, 32 for each.</summary>
    public const int WideShape = 128;

    /// <summary>Most launches in sequence.</summary>
    public const int MaxLevels = 4;

    /// <summary>Weights of items lie in [0, Weights).</summary>
    private const int Weights = (3 * SplitTiles) + 1;

    private readonly List<AttentionItem> _planned = [];
    private readonly List<int> _keys = [];
    private readonly List<AttentionItem> _items = [];
    private readonly List<int> _blocks = [];
    private readonly List<AttentionMergeRow> _mergeRows = [];
    private readonly List<int> _mergeSlots = [];
    private readonly AttentionRange[] _levels = new AttentionRange[MaxLevels];
    private readonly int[] _next = new int[MaxLevels * Weights];

    /// <summary>Items of all levels.</summary>
    public ReadOnlySpan<AttentionItem> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>`[MaxLevels]`: each level's items. Launch l reads states that launches before it write.</summary>
    public ReadOnlySpan<AttentionRange> Levels => _levels;

    /// <summary>Launches needed: the levels that have items.</summary>
    public int LevelCount { get; private set; }

    /// <summary>Block numbers, by <see cref="AttentionItem.FirstBlock"/>.</summary>
    public ReadOnlySpan<int> Blocks => CollectionsMarshal.AsSpan(_blocks);

    /// <summary>Rows in more than one split; every other row is complete after the last level.</summary>
    public ReadOnlySpan<AttentionMergeRow> MergeRows => CollectionsMarshal.AsSpan(_mergeRows);

    /// <summary>Slots, by <see cref="AttentionMergeRow.FirstSlot"/>.</summary>
    public ReadOnlySpan<int> MergeSlots => CollectionsMarshal.AsSpan(_mergeSlots);

    /// <summary>Slots of states that the items use: [0, StateSlots).</summary>
    public int StateSlots { get; private set; }

    internal void Clear()
    {
        _planned.Clear();
        _keys.Clear();
        _items.Clear();
        _blocks.Clear();
        _mergeRows.Clear();
        _mergeSlots.Clear();
        Array.Clear(_levels);
        LevelCount = 0;
        StateSlots = 0;
    }

    /// <summary>Tiles that an item visits.</summary>
    public static int Tiles(in AttentionItem item) => (item.End - (item.FirstTile * TileSize) + TileSize - 1) / TileSize;

    /// <summary>About how long an item takes, by which a level is sorted.</summary>
    public static int Weight(in AttentionItem item) => Tiles(item) * (item.Shape == NarrowShape ? 1 : item.Shape == MiddleShape ? 2 : 3);

    internal void Add(int level, in AttentionItem item)
    {
        _planned.Add(item);
        _keys.Add((level * Weights) + Weights - 1 - Weight(item));
        LevelCount = Math.Max(LevelCount, level + 1);
    }

    /// <summary>Returns where the blocks begin.</summary>
    internal int AddBlocks(ReadOnlySpan<int> blocks)
    {
        var first = _blocks.Count;
        _blocks.AddRange(blocks);
        return first;
    }

    /// <summary>Returns the first of `rows` consecutive slots.</summary>
    internal int TakeSlots(int rows)
    {
        StateSlots += rows;
        return StateSlots - rows;
    }

    /// <summary>Announces a row of several splits, whose slots <see cref="SetMergeSlot"/> gives. Returns their first place.</summary>
    internal int AddMergeRow(int row, int splits)
    {
        var first = _mergeSlots.Count;
        _mergeRows.Add(new AttentionMergeRow(row, first, splits));
        CollectionsMarshal.SetCount(_mergeSlots, first + splits);
        return first;
    }

    internal void SetMergeSlot(int place, int slot) => _mergeSlots[place] = slot;

    /// <summary>Puts the items in their order, by counting.</summary>
    internal void Sort()
    {
        Array.Clear(_next);
        foreach (var key in _keys)
            _next[key]++;
        var first = 0;
        for (var level = 0; level < MaxLevels; level++)
        {
            var levelFirst = first;
            for (var key = level * Weights; key < (level + 1) * Weights; key++)
                (_next[key], first) = (first, first + _next[key]);
            _levels[level] = new AttentionRange(levelFirst, first - levelFirst);
        }
        CollectionsMarshal.SetCount(_items, _planned.Count);
        for (var i = 0; i < _planned.Count; i++)
            _items[_next[_keys[i]]++] = _planned[i];
    }
}
