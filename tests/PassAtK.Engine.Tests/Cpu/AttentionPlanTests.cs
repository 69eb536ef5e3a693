using CsCheck;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Tests.Cpu;

public class AttentionPlanTests
{
    [Fact]
    public void Siblings_of_one_prompt_are_one_segment_over_its_whole_tiles()
    {
        var tables = Siblings(prompt: 150, count: 10);
        var plan = Plan(tables.Select(table => (table, 150, 1)), 1);
        Assert.Equal([new AttentionTask(0, 10, 0, 1)], plan.Tasks);
        Assert.Equal([new Segment(0, 2, 0, 10)], plan.Segments);
    }

    [Fact]
    public void A_fork_inside_the_tree_gives_nested_segments()
    {
        // Rows 0 and 1 share three tiles, row 2 shares one tile with them, and each has four.
        var left = Table(Enumerable.Range(0, 16));
        var right = Table([.. Enumerable.Range(0, 12), .. Enumerable.Range(50, 4)]);
        var far = Table([.. Enumerable.Range(0, 4), .. Enumerable.Range(80, 12)]);
        var plan = Plan([(left, 255, 1), (right, 255, 1), (far, 255, 1)], 1);
        Assert.Equal(
            [new Segment(0, 1, 0, 3), new Segment(1, 3, 0, 2), new Segment(3, 4, 0, 1), new Segment(3, 4, 1, 1), new Segment(1, 4, 2, 1)],
            plan.Segments);
    }

    [Fact]
    public void Rows_of_a_chunk_share_the_tiles_below_all_of_them()
    {
        var table = Table(Enumerable.Range(0, 16));
        var plan = Plan([(table, 126, 4)], 1);
        Assert.Equal([new Segment(0, 1, 0, 4), new Segment(1, 2, 1, 3)], plan.Segments);
    }

    [Fact]
    public void Branches_without_a_block_in_common_share_nothing()
    {
        var plan = Plan([(Table([0, 1, 2, 3]), 63, 1), (Table([4, 5, 6, 7]), 63, 1)], 1);
        Assert.Equal([new Segment(0, 1, 0, 1), new Segment(0, 1, 1, 1)], plan.Segments);
    }

    [Fact]
    public void Tasks_are_cut_by_cost()
    {
        var plan = Plan(Siblings(150, 30).Select(table => (table, 150, 1)), 3);
        Assert.Equal([10, 10, 10], plan.Tasks.Select(task => task.RowCount));
    }

    [Fact]
    public void Every_row_visits_each_whole_tile_once_in_order_with_rows_that_use_the_same_blocks()
    {
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 400], Gen.Int[1, 8], Gen.Int[0, 100000]).Sample((rows, longest, wanted, seed) =>
        {
            var groups = RandomTree(rows, longest, new Random(seed)).ToArray();
            var plan = Plan(groups, wanted);
            var visited = new int[groups.Sum(group => group.Count)];
            var nextRow = 0;
            foreach (var task in plan.Tasks)
            {
                Assert.Equal(nextRow, task.FirstRow);
                Assert.InRange(task.RowCount, 1, AttentionPlan.TaskRows);
                nextRow += task.RowCount;
                for (var i = 0; i < task.SegmentCount; i++)
                    Visit(plan, plan.Segments[task.FirstSegment + i], task, visited);
            }
            Assert.Equal(visited.Length, nextRow);
            for (var row = 0; row < visited.Length; row++)
                Assert.Equal(plan.WholeTiles(row), visited[row]);
        });
    }

    private static void Visit(AttentionPlan plan, Segment segment, AttentionTask task, int[] visited)
    {
        Assert.InRange(segment.FirstRow, task.FirstRow, task.FirstRow + task.RowCount - segment.RowCount);
        var range = (segment.FirstTile * AttentionPlan.TileBlocks)..(segment.EndTile * AttentionPlan.TileBlocks);
        for (var row = segment.FirstRow; row < segment.FirstRow + segment.RowCount; row++)
        {
            Assert.Equal(visited[row], segment.FirstTile);
            visited[row] = segment.EndTile;
            Assert.True(plan.Table(segment.FirstRow).Blocks[range].SequenceEqual(plan.Table(row).Blocks[range]));
        }
    }

    /// <summary>Branches that fork from one another at random places, in tree order, some of them chunks of several rows.</summary>
    private static IEnumerable<(BlockTable Table, int Position, int Count)> RandomTree(int rows, int longest, Random random)
    {
        var next = 0;
        var table = new BlockTable();
        for (var i = 0; i < rows; i++)
        {
            var fork = new BlockTable();
            var kept = random.Next(table.Count + 1);
            for (var block = 0; block < kept; block++)
                fork.Add(table[block]);
            var position = random.Next(longest + 1);
            var count = random.Next(4) == 0 ? random.Next(1, 20) : 1;
            while (fork.Count * BlockTable.BlockSize < position + count)
                fork.Add(next++);
            yield return (fork, position, count);
            table = fork;
        }
    }

    private static BlockTable[] Siblings(int prompt, int count)
    {
        var full = prompt / BlockTable.BlockSize;
        return [.. Enumerable.Range(0, count).Select(i => Table([.. Enumerable.Range(0, full), full + i]))];
    }

    private static BlockTable Table(IEnumerable<int> blocks)
    {
        var table = new BlockTable();
        foreach (var block in blocks)
            table.Add(block);
        return table;
    }

    private static AttentionPlan Plan(IEnumerable<(BlockTable Table, int Position, int Count)> groups, int wanted)
    {
        var step = new StepPlan();
        foreach (var (table, position, count) in groups)
            step.AddRows(new int[count], position, table);
        var plan = new AttentionPlan();
        plan.Build(step.Groups, wanted);
        return plan;
    }
}
