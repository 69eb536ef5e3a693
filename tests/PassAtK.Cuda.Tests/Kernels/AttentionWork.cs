using PassAtK.Cuda.Kernels;

namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>Items by level, and what they refer to: what a planner hands to the kernels.</summary>
internal sealed class AttentionWork
{
    public required AttentionItem[] Items { get; init; }
    public required AttentionRange[] Levels { get; init; }
    public required int[] Blocks { get; init; }
    public required AttentionMergeRow[] MergeRows { get; init; }
    public required int[] MergeSlots { get; init; }
    public required int StateSlots { get; init; }

    public static readonly int[] Shapes = [16, 64, 128];

    /// <summary>Rows of one table together, as many as the shape takes, each split in one item.</summary>
    public static AttentionWork Filled(AttentionCase rows, int shape)
    {
        var group = rows.Heads / rows.KeyValueHeads;
        return Cut(rows, most => Math.Min(most, shape / group), (_, _) => 0, _ => shape);
    }

    /// <summary>Every row an item for itself in each of its splits.</summary>
    public static AttentionWork RowByRow(AttentionCase rows, int shape) => Cut(rows, _ => 1, (_, _) => 0, _ => shape);

    /// <summary>Rows of one table together at random, splits cut at random tiles, in random shapes.</summary>
    public static AttentionWork Random(AttentionCase rows, Random random)
    {
        return Cut(
            rows,
            most => random.Next(1, most + 1),
            (from, to) => random.Next(2) == 0 ? 0 : random.Next(from + 1, to + 1),
            stacked => Shapes[random.Next(Array.FindIndex(Shapes, shape => stacked <= shape), Shapes.Length)]);
    }

    /// <param name="rows">What to cut.</param>
    /// <param name="count">How many of at most so many rows an item takes.</param>
    /// <param name="nextTile">Where in (from, to] to cut; 0: not at all.</param>
    /// <param name="shape">The shape for so many stacked rows.</param>
    private static AttentionWork Cut(AttentionCase rows, Func<int, int> count, Func<int, int, int> nextTile, Func<int, int> shape)
    {
        var group = rows.Heads / rows.KeyValueHeads;
        var levels = new List<List<AttentionItem>>();
        var blocks = new List<int>();
        var slots = new List<int>[rows.Rows];
        var stateSlots = 0;
        for (var split = 0; split <= rows.Positions.Max() / 1024; split++)
        {
            for (var row = 0; row < rows.Rows;)
            {
                if (rows.Positions[row] < split * 1024)
                {
                    row++;
                    continue;
                }
                var most = 1;
                while (row + most < rows.Rows && (most + 1) * group <= AttentionKernels.MaxStackedRows && Together(rows, row, row + most, split))
                    most++;
                var taken = count(most);
                var positions = rows.Positions[row..(row + taken)];
                var several = rows.Positions[row] >= 1024;
                var end = Math.Min((split + 1) * 1024, positions.Max() + 1);
                var (tile, state, level) = (split * 16, -1, 0);
                while (true)
                {
                    // A state may be handed over below every row's own position.
                    var last = Math.Min(positions.Min(), (end - 1) / 64 * 64) / 64;
                    var next = tile < last ? nextTile(tile, last) : 0;
                    var final = next == 0;
                    var itemEnd = final ? end : next * 64;
                    var stateOut = final && !several ? -1 : stateSlots;
                    if (stateOut >= 0)
                        stateSlots += taken;
                    if (levels.Count == level)
                        levels.Add([]);
                    levels[level].Add(new AttentionItem(row, taken, tile, itemEnd, blocks.Count, state, stateOut, shape(taken * group)));
                    blocks.AddRange(rows.Tables[row][(tile * 4)..((itemEnd + 15) / 16)]);
                    if (final && several)
                    {
                        for (var i = 0; i < taken; i++)
                            (slots[row + i] ??= []).Add(stateOut + i);
                    }
                    if (final)
                        break;
                    (tile, state, level) = (next, stateOut, level + 1);
                }
                row += taken;
            }
        }
        return Collect(levels, blocks, slots, stateSlots);
    }

    private static bool Together(AttentionCase rows, int first, int row, int split) =>
        rows.Tables[row] == rows.Tables[first] && rows.Positions[row] >= split * 1024
        && rows.Positions[row] >= 1024 == rows.Positions[first] >= 1024;

    private static AttentionWork Collect(List<List<AttentionItem>> levels, List<int> blocks, List<int>?[] slots, int stateSlots)
    {
        var ranges = new List<AttentionRange>();
        var first = 0;
        foreach (var level in levels)
        {
            ranges.Add(new AttentionRange(first, level.Count));
            first += level.Count;
        }
        var merges = new List<AttentionMergeRow>();
        var mergeSlots = new List<int>();
        for (var row = 0; row < slots.Length; row++)
        {
            if (slots[row] is not { } own)
                continue;
            merges.Add(new AttentionMergeRow(row, mergeSlots.Count, own.Count));
            mergeSlots.AddRange(own);
        }
        return new AttentionWork
        {
            Items = [.. levels.SelectMany(level => level)],
            Levels = [.. ranges],
            Blocks = [.. blocks],
            MergeRows = [.. merges],
            MergeSlots = [.. mergeSlots],
            StateSlots = stateSlots,
        };
    }
}
