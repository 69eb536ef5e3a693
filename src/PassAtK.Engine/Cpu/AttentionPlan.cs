using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cpu;

/// <summary>
/// Whole tiles [FirstTile, EndTile) that rows [FirstRow, FirstRow + RowCount) share physically: computed for all of them at once.
/// </summary>
internal readonly record struct Segment(int FirstTile, int EndTile, int FirstRow, int RowCount);

/// <summary>Consecutive rows computed by one worker, and their segments `Segments[FirstSegment..]` in an order in which each row meets
/// its tiles in position order. A row's last, partly filled tile follows its segments.</summary>
internal readonly record struct AttentionTask(int FirstRow, int RowCount, int FirstSegment, int SegmentCount);

/// <summary>
/// How a step's attention is cut into work: a pure function of its row groups. The arithmetic of a row is fixed by its position (tiles of
/// 64 positions in order, splits of 1,024 merged in order); the plan only decides which rows visit a tile together. Cleared and used
/// again: a steady state allocates nothing.
/// </summary>
internal sealed class AttentionPlan
{
    /// <summary>Positions in a tile.</summary>
    public const int TileSize = 64;

    /// <summary>Tiles in a split.</summary>
    public const int SplitTiles = 16;

    /// <summary>Blocks in a tile.</summary>
    public const int TileBlocks = TileSize / BlockTable.BlockSize;

    /// <summary>Most rows in a task: their state has to stay in the second-level cache.</summary>
    public const int TaskRows = 32;

    private readonly List<BlockTable> _tables = [];
    private readonly List<int> _positions = [];
    private readonly List<int> _sharedTiles = [];
    private readonly List<Segment> _segments = [];
    private readonly List<AttentionTask> _tasks = [];

    public IReadOnlyList<Segment> Segments => _segments;

    public IReadOnlyList<AttentionTask> Tasks => _tasks;

    /// <summary>Blocks of a row's branch.</summary>
    public BlockTable Table(int row) => _tables[row];

    public int Position(int row) => _positions[row];

    /// <summary>Tiles that end at or before a row's own position.</summary>
    public int WholeTiles(int row) => (_positions[row] + 1) / TileSize;

    /// <summary>
    /// Plans the rows of <paramref name="groups"/> as about <paramref name="wantedTasks"/> tasks of similar cost, or more.
    /// </summary>
    public void Build(ReadOnlySpan<RowGroup> groups, int wantedTasks)
    {
        _tables.Clear();
        _positions.Clear();
        _sharedTiles.Clear();
        _segments.Clear();
        _tasks.Clear();
        foreach (var group in groups)
        {
            for (var i = 0; i < group.RowCount; i++)
            {
                _tables.Add(group.Blocks);
                _positions.Add(group.FirstPosition + i);
            }
        }
        for (var row = 0; row + 1 < _positions.Count; row++)
            _sharedTiles.Add(SharedWithNext(row));
        CutTasks(wantedTasks);
    }

    /// <summary>Leading whole tiles of which rows `row` and `row + 1` use the same blocks.</summary>
    private int SharedWithNext(int row)
    {
        var tiles = Math.Min(WholeTiles(row), WholeTiles(row + 1));
        if (_tables[row] == _tables[row + 1])
            return tiles;
        var blocks = _tables[row].Blocks[..(tiles * TileBlocks)];
        return blocks.CommonPrefixLength(_tables[row + 1].Blocks) / TileBlocks;
    }

    private void CutTasks(int wantedTasks)
    {
        var total = 0L;
        foreach (var position in _positions)
            total += Cost(position);
        var limit = total / Math.Max(wantedTasks, 1);
        for (var first = 0; first < _positions.Count;)
        {
            var cost = 0L;
            var end = first;
            while (end < _positions.Count && end - first < TaskRows && (end == first || cost + Cost(_positions[end]) <= limit))
                cost += Cost(_positions[end++]);
            var firstSegment = _segments.Count;
            AddSegments(first, end, 0);
            _tasks.Add(new AttentionTask(first, end - first, firstSegment, _segments.Count - firstSegment));
            first = end;
        }
    }

    /// <summary>Positions attended to, and as many again for what a row costs at any length.</summary>
    private static long Cost(int position) => position + TileSize;

    /// <summary>
    /// The segments of rows [first, end) from tile `tile` on: first what all of them share, then, on either side of each pair of
    /// neighbours that share no more, the rest.
    /// </summary>
    private void AddSegments(int first, int end, int tile)
    {
        var shared = WholeTiles(first);
        for (var row = first; row < end - 1; row++)
            shared = Math.Min(shared, _sharedTiles[row]);
        if (shared > tile)
            _segments.Add(new Segment(tile, shared, first, end - first));
        if (end - first == 1)
            return;
        var start = first;
        for (var row = first; row < end; row++)
        {
            if (row < end - 1 && _sharedTiles[row] > shared)
                continue;
            AddSegments(start, row + 1, Math.Max(shared, tile));
            start = row + 1;
        }
    }
}
