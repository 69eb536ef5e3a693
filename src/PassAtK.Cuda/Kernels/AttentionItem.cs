using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>
/// A run of positions, inside one split, for consecutive rows of a step that keep them in the same KV blocks. As `AttentionItem` in
/// kernels/attention.cuh.
/// </summary>
/// <param name="FirstRow">Rows [FirstRow, FirstRow + RowCount) of the step.</param>
/// <param name="RowCount">Rows; times query heads per kv head at most <paramref name="Shape"/>.</param>
/// <param name="FirstTile">The first position is 64 times this.</param>
/// <param name="End">End of the positions: a multiple of 64, or past the last position of every row.</param>
/// <param name="FirstBlock">Index in the list of block numbers of the block with the first position.</param>
/// <param name="StateIn">Slot of the first row's state before the run, the next rows' follow; -1: the split starts here.</param>
/// <param name="StateOut">Slot of the first row's state after the run; -1: the rows are complete and their attention is written.</param>
/// <param name="Shape">16, 64 or 128: most rows times query heads per kv head.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AttentionItem(
    int FirstRow, int RowCount, int FirstTile, int End, int FirstBlock, int StateIn, int StateOut, int Shape);

/// <summary>The items of one level, [First, First + Count): none needs a state that another of them writes.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AttentionRange(int First, int Count);

/// <summary>A row in more than one split: `slots[FirstSlot..]` holds the slots of its splits' states in position order.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AttentionMergeRow(int Row, int FirstSlot, int SlotCount);
