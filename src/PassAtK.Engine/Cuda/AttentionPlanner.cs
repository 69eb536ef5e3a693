using System.Runtime.InteropServices;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Execution;
using static PassAtK.Engine.Cuda.AttentionPlan;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Cuts a step's attention into items: a pure function of its row groups. Neighbouring groups that keep their first tiles in the same
/// blocks form a tree (the longest common prefix of neighbours says where it forks). Within a split, a shared run of tiles is one segment
/// for all its rows where that pays; it hands each row a state to go on from, in a later level. A run that reaches the split's end
/// leaves final states. Segments are cut into items of the shape that costs least: wide ones read keys and values less often, narrow ones
/// occupy a device that has little to do. The arithmetic of a row is fixed by its position, so every plan gives the same bits.
/// </summary>
internal sealed class AttentionPlanner
{
    /// <summary>The state that rows go on from at tile `FirstTile`: row r's is in slot `Slot + r - Row`, or there is none (-1).</summary>
    private readonly record struct Start(int FirstTile, int Level, int Slot, int Row)
    {
        public int SlotOf(int row) => Slot < 0 ? -1 : Slot + row - Row;
    }

    private readonly AttentionCosts _costs;
    private readonly AttentionSharing _sharing;
    private readonly int[] _shapes;

    private readonly List<RowGroup> _groups = [];

    /// <summary>`[groups - 1]`: leading tiles that a group and the next keep in the same blocks, below both groups' rows.</summary>
    private readonly List<int> _sharedTiles = [];

    /// <summary>`[rows]`: the row's first place in the plan's merge slots, -1 where it has one split.</summary>
    private readonly List<int> _mergePlaces = [];

    /// <summary>`[level]`: what the segments save that hand states to a level.</summary>
    private readonly long[] _savings = new long[MaxLevels + 1];

    private int _levels;
    private int _shape;

    /// <param name="heads">Query heads.</param>
    /// <param name="keyValueHeads">Kv heads, each for as many query heads.</param>
    /// <param name="headDimension">Elements of a head.</param>
    /// <param name="concurrentBlocks">Blocks that the device works on at a time; items that occupy few of them are cut smaller.</param>
    /// <param name="sharing">Which shared runs are computed once.</param>
    /// <param name="shape">Most stacked rows of an item; null: what costs least.</param>
    public AttentionPlanner(
        int heads, int keyValueHeads, int headDimension, int concurrentBlocks = 0, AttentionSharing sharing = AttentionSharing.ByCost,
        int? shape = null)
    {
        _costs = new AttentionCosts(headDimension, heads / keyValueHeads, keyValueHeads, concurrentBlocks);
        _sharing = sharing;
        _shapes = shape is { } only ? [only] : concurrentBlocks == 0 ? [WideShape] : [WideShape, MiddleShape, NarrowShape];
    }

    /// <summary>The plan of the last <see cref="Build"/>.</summary>
    public AttentionPlan Plan { get; } = new();

    /// <summary>Plans the rows of <paramref name="groups"/>, which are in row order and cover all rows.</summary>
    public void Build(ReadOnlySpan<RowGroup> groups)
    {
        Read(groups);
        var (leastCost, best, bestLevels) = (long.MaxValue, 0, 0);
        foreach (var shape in _shapes)
        {
            CutInto(shape);
            var cost = _costs.Of(Plan);
            if (cost < leastCost)
                (leastCost, best, bestLevels) = (cost, shape, _levels);
        }
        if (_shape == best)
            return;
        (_shape, _levels) = (best, bestLevels);
        Cut();
    }

    /// <summary>Cuts into items of up to so many stacked rows, with the levels that pay.</summary>
    private void CutInto(int shape)
    {
        _shape = shape;
        _levels = _sharing == AttentionSharing.Nothing ? 1 : MaxLevels;
        Cut();
        while (_sharing == AttentionSharing.ByCost && Plan.LevelCount > 1 && _savings[Plan.LevelCount - 1] < AttentionCosts.LevelBytes)
        {
            _levels = Plan.LevelCount - 1;
            Cut();
        }
    }

    private void Read(ReadOnlySpan<RowGroup> groups)
    {
        _groups.Clear();
        _groups.AddRange(groups);
        _sharedTiles.Clear();
        for (var i = 0; i + 1 < groups.Length; i++)
        {
            var tiles = Math.Min(groups[i].FirstPosition, groups[i + 1].FirstPosition) / TileSize;
            var blocks = groups[i].Blocks.Blocks[..(tiles * TileBlocks)];
            _sharedTiles.Add(blocks.CommonPrefixLength(groups[i + 1].Blocks.Blocks) / TileBlocks);
        }
    }

    private void Cut()
    {
        Plan.Clear();
        Array.Clear(_savings);
        _mergePlaces.Clear();
        var splits = 0;
        foreach (var group in _groups)
        {
            for (var position = group.FirstPosition; position < group.FirstPosition + group.RowCount; position++)
            {
                var rowSplits = (position / SplitSize) + 1;
                splits = Math.Max(splits, rowSplits);
                _mergePlaces.Add(rowSplits > 1 ? Plan.AddMergeRow(_mergePlaces.Count, rowSplits) : -1);
            }
        }
        for (var split = 0; split < splits; split++)
            Divide(0, _groups.Count, split * SplitTiles, new Start(split * SplitTiles, 0, -1, 0));
        Plan.Sort();
    }

    /// <summary>Cuts groups [first, end) where neighbours share no tile past <paramref name="tile"/>, and plans each part.</summary>
    private void Divide(int first, int end, int tile, in Start start)
    {
        for (var next = first + 1; next <= end; next++)
        {
            if (next < end && _sharedTiles[next - 1] > tile)
                continue;
            Visit(first, next, start);
            first = next;
        }
    }

    /// <summary>Plans groups [first, end), which share tiles past the start.</summary>
    private void Visit(int first, int end, in Start start)
    {
        if (end - first == 1)
        {
            AddTail(_groups[first], start);
            return;
        }
        var splitEnd = ((start.FirstTile / SplitTiles) + 1) * SplitTiles;
        var shared = splitEnd;
        foreach (var tiles in CollectionsMarshal.AsSpan(_sharedTiles)[first..(end - 1)])
            shared = Math.Min(shared, tiles);
        if (Pays(first, end, start, shared))
        {
            var next = AddSegment(first, end, start, shared);
            if (shared < splitEnd)
                Divide(first, end, shared, next);
        }
        else if (shared < splitEnd)
        {
            Divide(first, end, shared, start);
        }
        else
        {
            for (var group = first; group < end; group++)
                AddTail(_groups[group], start);
        }
    }

    /// <summary>Whether tiles [start, shared), which the groups share, become a segment.</summary>
    private bool Pays(int first, int end, in Start start, int shared)
    {
        var endsSplit = shared % SplitTiles == 0;
        if (_sharing == AttentionSharing.Nothing || (!endsSplit && start.Level + 1 >= _levels))
            return false;
        if (_sharing == AttentionSharing.Prefix)
            return start.Level == 0;
        if (_sharing == AttentionSharing.Everything)
            return true;
        var alternative = AlternativeItems(first, end, shared, endsSplit);
        var rows = RowCount(first, end);
        var saving = _costs.Saving(rows, shared - start.FirstTile, _costs.Items(rows, _shape), alternative, endsSplit);
        if (!endsSplit && saving > 0)
            _savings[start.Level + 1] += saving;
        return saving > 0;
    }

    /// <summary>Items that the tiles would take without this segment: one for each group where they end the split, otherwise
    /// as if the parts that they fork into shared them.</summary>
    private int AlternativeItems(int first, int end, int shared, bool endsSplit)
    {
        var items = 0;
        for (var next = first + 1; next <= end; next++)
        {
            if (next < end && !endsSplit && _sharedTiles[next - 1] > shared)
                continue;
            items += _costs.Items(RowCount(first, next), _shape);
            first = next;
        }
        return items;
    }

    private int RowCount(int first, int end) => _groups[end - 1].FirstRow + _groups[end - 1].RowCount - _groups[first].FirstRow;

    /// <summary>Tiles [start, end) for all rows of the groups. Returns where they go on.</summary>
    private Start AddSegment(int first, int end, in Start start, int endTile)
    {
        var firstRow = _groups[first].FirstRow;
        var rows = RowCount(first, end);
        var slot = Plan.TakeSlots(rows);
        var blocks = Plan.AddBlocks(_groups[first].Blocks.Blocks[(start.FirstTile * TileBlocks)..(endTile * TileBlocks)]);
        for (var row = firstRow; row < firstRow + rows; row += _costs.RowsPerItem(_shape))
        {
            var count = Math.Min(firstRow + rows - row, _costs.RowsPerItem(_shape));
            AddItem(row, count, start, endTile * TileSize, blocks, slot + row - firstRow);
        }
        if (endTile % SplitTiles == 0)
            SetMergeSlots(firstRow, rows, start.FirstTile / SplitTiles, slot);
        return new Start(endTile, start.Level + 1, slot, firstRow);
    }

    /// <summary>The rest of the split for one group: up to each row's own position, or to the split's end.</summary>
    private void AddTail(in RowGroup group, in Start start)
    {
        var split = start.FirstTile / SplitTiles;
        var splitEnd = (split + 1) * SplitSize;
        var firstRow = Math.Max(0, (split * SplitSize) - group.FirstPosition);
        if (firstRow >= group.RowCount)
            return;
        var end = Math.Min(splitEnd, group.FirstPosition + group.RowCount);
        var endBlock = (end + BlockTable.BlockSize - 1) / BlockTable.BlockSize;
        var blocks = Plan.AddBlocks(group.Blocks.Blocks[(start.FirstTile * TileBlocks)..endBlock]);
        // Rows with one split are written at once. In the first split of a chunk they come before those that go on.
        var complete = split == 0 ? Math.Min(group.RowCount, Math.Max(0, SplitSize - group.FirstPosition)) : firstRow;
        AddTailItems(group, firstRow, complete, start, blocks, true);
        AddTailItems(group, complete, group.RowCount, start, blocks, false);
    }

    private void AddTailItems(in RowGroup group, int from, int to, in Start start, int blocks, bool complete)
    {
        if (from == to)
            return;
        var split = start.FirstTile / SplitTiles;
        var slot = complete ? -1 : Plan.TakeSlots(to - from);
        for (var i = from; i < to; i += _costs.RowsPerItem(_shape))
        {
            var count = Math.Min(to - i, _costs.RowsPerItem(_shape));
            var end = Math.Min((split + 1) * SplitSize, group.FirstPosition + i + count);
            AddItem(group.FirstRow + i, count, start, end, blocks, complete ? -1 : slot + i - from);
        }
        if (!complete)
            SetMergeSlots(group.FirstRow + from, to - from, split, slot);
    }

    private void AddItem(int row, int count, in Start start, int end, int blocks, int stateOut)
    {
        var stacked = count * _costs.Group;
        var shape = stacked <= NarrowShape ? NarrowShape : stacked <= MiddleShape ? MiddleShape : WideShape;
        Plan.Add(start.Level, new AttentionItem(row, count, start.FirstTile, end, blocks, start.SlotOf(row), stateOut, shape));
    }

    private void SetMergeSlots(int firstRow, int rows, int split, int slot)
    {
        for (var i = 0; i < rows; i++)
            Plan.SetMergeSlot(_mergePlaces[firstRow + i] + split, slot + i);
    }
}
