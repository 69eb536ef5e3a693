using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>Steps whose branches share blocks as a sample tree's do.</summary>
internal static class AttentionTrees
{
    /// <summary>
    /// Branches that fork from the one before at random blocks, in tree order, a quarter of them chunks of up to
    /// <paramref name="longestChunk"/> rows. Branches that fork below their first row keep nothing past it, as after copy on write.
    /// </summary>
    public static StepPlan Random(int branches, int longest, int longestChunk, Random random)
    {
        var step = new StepPlan();
        var next = 0;
        var before = new BlockTable();
        for (var i = 0; i < branches; i++)
        {
            var position = random.Next(4) == 0 ? random.Next(longest + 1) : Math.Max(0, longest - random.Next(longest / 4 + 1));
            var count = random.Next(4) == 0 ? random.Next(1, longestChunk + 1) : 1;
            var kept = random.Next(3) == 0 ? random.Next(before.Count + 1) : Math.Max(0, before.Count - random.Next(10));
            before = Fork(before, Math.Min(kept, position / BlockTable.BlockSize), position + count, ref next);
            step.AddRows(new int[count], position, before);
        }
        return step;
    }

    /// <summary>Branches of a prompt, each at position <paramref name="position"/> and alone past the prompt's whole blocks.</summary>
    public static StepPlan Siblings(int count, int prompt, int position)
    {
        var step = new StepPlan();
        var next = 0;
        var first = Fork(new BlockTable(), 0, prompt, ref next);
        for (var i = 0; i < count; i++)
            step.AddRows([0], position, Fork(first, prompt / BlockTable.BlockSize, position + 1, ref next));
        return step;
    }

    /// <summary>The first blocks of a table, and new ones up to <paramref name="positions"/> positions.</summary>
    public static BlockTable Fork(BlockTable from, int kept, int positions, ref int next)
    {
        var fork = new BlockTable();
        for (var block = 0; block < kept; block++)
            fork.Add(from[block]);
        while (fork.Count * BlockTable.BlockSize < positions)
            fork.Add(next++);
        return fork;
    }

    /// <summary>Blocks that the step's tables name: [0, count).</summary>
    public static int BlockCount(StepPlan step)
    {
        var count = 0;
        foreach (var group in step.Groups)
        {
            foreach (var block in group.Blocks.Blocks)
                count = Math.Max(count, block + 1);
        }
        return count;
    }

    /// <summary>`[rows]`.</summary>
    public static int[] Positions(StepPlan step)
    {
        var positions = new List<int>();
        foreach (var group in step.Groups)
            positions.AddRange(Enumerable.Range(group.FirstPosition, group.RowCount));
        return [.. positions];
    }
}
