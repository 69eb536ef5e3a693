using System.Numerics;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>
/// Room for the arrays of a step whose lengths do not follow from its shape: what all shapes of one rung of rows have needed so far.
/// It begins with what usual steps of so many rows need, and grows fourfold, so a graph is captured again a few times at most.
/// </summary>
internal sealed class StepRooms
{
    private const int Growth = 4;

    /// <summary>Bytes of an array at least: small steps then never grow them.</summary>
    private const int LeastBytes = 1024;

    /// <summary>Block numbers of an item's split: it costs nothing to let one row have several.</summary>
    private const int BlocksPerRow = AttentionPlan.SplitSize / BlockTable.BlockSize;

    private StepSizes _rooms;

    /// <param name="rows">A rung of <see cref="RowLadder"/>.</param>
    /// <param name="blockCount">Blocks of the KV cache: no row has more.</param>
    public StepRooms(int rows, int blockCount)
    {
        _rooms.Set<BlockCopy>(StepArray.Copies, rows);
        _rooms.Set<AttentionItem>(StepArray.AttentionItems, 8L * rows);
        _rooms.Set<AttentionMergeRow>(StepArray.MergeRows, rows);
        _rooms.Set<int>(StepArray.MergeSlots, 8L * rows);
        _rooms.Set<int>(StepArray.Samples, 4L * rows);
        _rooms.Set<int>(StepArray.AttentionBlocks, Math.Max(Math.Min(BlocksPerRow, blockCount) * (long)rows, 4 * BlocksPerRow));
        foreach (var array in Varying)
            _rooms[array] = Math.Max(_rooms[array], LeastBytes);
    }

    private static ReadOnlySpan<StepArray> Varying =>
    [
        StepArray.Copies, StepArray.AttentionItems, StepArray.MergeRows, StepArray.MergeSlots, StepArray.Samples, StepArray.AttentionBlocks,
    ];

    /// <summary>A layout with room for a step of these sizes, and for all that came before it on this rung.</summary>
    public StepLayout LayoutFor(in StepSizes sizes)
    {
        foreach (var array in Varying)
        {
            if (sizes[array] > _rooms[array])
                _rooms[array] = Math.Max((long)BitOperations.RoundUpToPowerOf2((ulong)sizes[array]), Growth * _rooms[array]);
        }
        var all = sizes;
        foreach (var array in Varying)
            all[array] = _rooms[array];
        return new StepLayout(all);
    }
}
