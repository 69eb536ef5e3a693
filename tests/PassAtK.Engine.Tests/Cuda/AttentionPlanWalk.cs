using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>
/// Carries out a plan with positions in place of numbers: a slot holds which positions of which blocks its state stands for. Whatever a
/// kernel could read too early, twice, or from the wrong branch shows.
/// </summary>
internal static class AttentionPlanWalk
{
    /// <summary>A state of a row: positions [64 tile of the split's begin, End), written in `Level`.</summary>
    private readonly record struct State(int Row, int Split, int End, int Level);

    public static void Check(AttentionPlan plan, StepPlan step, int group)
    {
        var rows = new (BlockTable Table, int Position)[step.RowCount];
        foreach (var rowGroup in step.Groups)
        {
            for (var i = 0; i < rowGroup.RowCount; i++)
                rows[rowGroup.FirstRow + i] = (rowGroup.Blocks, rowGroup.FirstPosition + i);
        }
        var states = new State?[plan.StateSlots];
        var complete = new bool[rows.Length];
        var taken = 0;
        for (var level = 0; level < AttentionPlan.MaxLevels; level++)
        {
            var range = plan.Levels[level];
            Assert.Equal(taken, range.First);
            Assert.Equal(level < plan.LevelCount, range.Count > 0);
            taken += range.Count;
            var weight = int.MaxValue;
            foreach (var item in plan.Items.Slice(range.First, range.Count))
            {
                Assert.True(item.Shape is 16 or 64 or 128);
                var tiles = (item.End - (item.FirstTile * 64) + 63) / 64;
                var longer = tiles * (item.Shape == 16 ? 1 : item.Shape == 64 ? 2 : 3);
                Assert.InRange(longer, 1, weight);
                weight = longer;
                Assert.InRange(item.RowCount * group, 1, item.Shape);
                var split = item.FirstTile / 16;
                Assert.InRange(item.End, (item.FirstTile * 64) + 1, (split + 1) * 1024);
                for (var i = 0; i < item.RowCount; i++)
                    Take(plan, rows, states, complete, item, i, level);
            }
        }
        Assert.Equal(plan.Items.Length, taken);
        CheckMerges(plan, rows, states, complete);
    }

    private static void Take(
        AttentionPlan plan, (BlockTable Table, int Position)[] rows, State?[] states, bool[] complete,
        PassAtK.Cuda.Kernels.AttentionItem item, int i, int level)
    {
        var row = item.FirstRow + i;
        var split = item.FirstTile / 16;
        var position = rows[row].Position;
        Assert.True(position >= item.FirstTile * 64, "An item takes a row through tiles past its own.");
        var end = Math.Min(item.End, position + 1);
        Assert.True(item.End % 64 == 0 || item.End >= position + 1, "An item ends inside a tile of a row.");
        var used = rows[row].Table.Blocks[(item.FirstTile * 4)..((end + 15) / 16)];
        Assert.True(plan.Blocks.Slice(item.FirstBlock, used.Length).SequenceEqual(used));
        if (item.StateIn < 0)
        {
            Assert.Equal(split * 16, item.FirstTile);
        }
        else
        {
            var before = states[item.StateIn + i];
            Assert.NotNull(before);
            Assert.Equal((row, split, item.FirstTile * 64), (before.Value.Row, before.Value.Split, before.Value.End));
            Assert.True(before.Value.Level < level, "A state is read in the launch that writes it.");
        }
        if (item.StateOut >= 0)
        {
            Assert.Null(states[item.StateOut + i]);
            states[item.StateOut + i] = new State(row, split, end, level);
            return;
        }
        Assert.True(position < 1024 && end == position + 1 && !complete[row]);
        complete[row] = true;
    }

    private static void CheckMerges(AttentionPlan plan, (BlockTable Table, int Position)[] rows, State?[] states, bool[] complete)
    {
        foreach (var merge in plan.MergeRows)
        {
            var position = rows[merge.Row].Position;
            Assert.Equal((position / 1024) + 1, merge.SlotCount);
            for (var split = 0; split < merge.SlotCount; split++)
            {
                var state = states[plan.MergeSlots[merge.FirstSlot + split]];
                Assert.NotNull(state);
                var end = Math.Min((split + 1) * 1024, position + 1);
                Assert.Equal((merge.Row, split, end), (state.Value.Row, state.Value.Split, state.Value.End));
            }
            Assert.False(complete[merge.Row]);
            complete[merge.Row] = true;
        }
        Assert.DoesNotContain(false, complete);
    }
}
