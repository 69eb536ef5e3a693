using CsCheck;
using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Tests.Cuda;

public class AttentionPlannerTests
{
    private static readonly Gen<AttentionSharing> Sharings = Gen.Enum<AttentionSharing>();

    private static readonly Gen<int> Blocks = Gen.Int[0, 4].Select(i => new[] { 0, 4, 40, 264, 100_000 }[i]);

    private static readonly int[] Shapes = [AttentionPlan.WideShape, AttentionPlan.MiddleShape, AttentionPlan.NarrowShape];

    [Fact]
    public void Every_plan_takes_every_row_once_through_each_of_its_positions_in_order()
    {
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 3000], Gen.Int[1, 200], Gen.Int[1, 20], Sharings, Blocks, Gen.Int[0, 100000]).Sample(
            (branches, longest, chunk, group, sharing, blocks, seed) =>
            {
                var step = AttentionTrees.Random(branches, longest, chunk, new Random(seed));
                var planner = new AttentionPlanner(group * 2, 2, 64, blocks, sharing);
                planner.Build(step.Groups);
                AttentionPlanWalk.Check(planner.Plan, step, group);
            },
            iter: 300);
    }

    [Fact]
    public void Building_again_gives_the_plan_of_a_new_planner()
    {
        var planner = new AttentionPlanner(8, 2, 64);
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 2500], Gen.Int[0, 100000]).Sample(
            (branches, longest, seed) =>
            {
                var step = AttentionTrees.Random(branches, longest, 50, new Random(seed));
                planner.Build(step.Groups);
                var plan = Build(step, AttentionSharing.ByCost, 8, 2, 64);
                Assert.Equal(plan.Items, planner.Plan.Items);
                Assert.Equal(plan.Blocks, planner.Plan.Blocks);
                Assert.Equal(plan.MergeSlots, planner.Plan.MergeSlots);
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public void A_step_without_rows_has_no_items()
    {
        var plan = Build(new StepPlan(), AttentionSharing.ByCost);
        Assert.Equal(0, plan.LevelCount);
        Assert.Equal(0, plan.Items.Length);
        Assert.Equal(AttentionPlan.MaxLevels, plan.Levels.Length);
    }

    [Fact]
    public void A_short_row_is_one_item_that_completes_it()
    {
        var plan = Build(AttentionTrees.Siblings(1, 96, 100), AttentionSharing.ByCost);
        Assert.Equal([new AttentionItem(0, 1, 0, 101, 0, -1, -1, 16)], plan.Items);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], plan.Blocks);
        Assert.Equal(0, plan.StateSlots);
        Assert.Equal(0, plan.MergeRows.Length);
    }

    [Fact]
    public void A_split_inside_the_prompt_is_final_for_all_siblings_and_needs_no_second_level()
    {
        var plan = Build(AttentionTrees.Siblings(256, 4096, 4100), AttentionSharing.ByCost);
        Assert.Equal(1, plan.LevelCount);
        Assert.Equal((4 * 8) + 256, plan.Items.Length);
        Assert.Equal(5 * 256, plan.StateSlots);
        Assert.Equal(256 + 256, plan.Blocks.Length);
    }

    [Fact]
    public void A_prompt_that_ends_inside_a_split_hands_states_to_a_second_level_where_that_pays()
    {
        var many = Build(AttentionTrees.Siblings(256, 960, 970), AttentionSharing.ByCost);
        Assert.Equal(2, many.LevelCount);
        Assert.Equal(new AttentionRange(8, 256), many.Levels[1]);
        Assert.Equal(0, many.MergeRows.Length);
        var few = Build(AttentionTrees.Siblings(2, 960, 970), AttentionSharing.ByCost);
        Assert.Equal(1, few.LevelCount);
    }

    [Fact]
    public void Prefix_sharing_stops_at_the_first_fork_and_everything_goes_on()
    {
        var step = new StepPlan();
        var next = 0;
        var root = AttentionTrees.Fork(new BlockTable(), 0, 256, ref next);
        for (var i = 0; i < 4; i++)
        {
            var branch = AttentionTrees.Fork(root, 16, 512, ref next);
            for (var j = 0; j < 2; j++)
                step.AddRows([0], 520, AttentionTrees.Fork(branch, 32, 521, ref next));
        }
        Assert.Equal(3, Build(step, AttentionSharing.Everything).LevelCount);
        Assert.Equal(2, Build(step, AttentionSharing.Prefix).LevelCount);
        Assert.Equal(1, Build(step, AttentionSharing.Nothing).LevelCount);
        Assert.Equal(8, Build(step, AttentionSharing.Nothing).Items.Length);
    }

    [Fact]
    public void Branches_without_a_block_in_common_share_nothing()
    {
        var step = new StepPlan();
        var next = 0;
        for (var i = 0; i < 40; i++)
            step.AddRows([0], 900, AttentionTrees.Fork(new BlockTable(), 0, 901, ref next));
        Assert.Equal(Build(step, AttentionSharing.Nothing).Items, Build(step, AttentionSharing.Everything).Items);
    }

    [Fact]
    public void Equal_blocks_behind_different_ones_are_not_shared()
    {
        var step = new StepPlan();
        var next = 0;
        var left = AttentionTrees.Fork(new BlockTable(), 0, 640, ref next);
        var right = AttentionTrees.Fork(left, left.Count, 640, ref next);
        right[0] = next;
        step.AddRows([0], 639, left);
        step.AddRows([0], 639, right);
        Assert.Equal(2, Build(step, AttentionSharing.Everything).Items.Length);
    }

    [Theory]
    [InlineData(127, 127)]
    [InlineData(127, 191)]
    [InlineData(191, 120)]
    public void A_tile_with_a_row_of_its_own_is_not_shared(int first, int second)
    {
        // The second tile holds a row's own keys, even where the tables name the same blocks.
        var step = new StepPlan();
        var next = 0;
        var table = AttentionTrees.Fork(new BlockTable(), 0, 192, ref next);
        step.AddRows([0], first, table);
        step.AddRows([0], second, table);
        var plan = Build(step, AttentionSharing.Everything);
        Assert.Equal(new AttentionItem(0, 2, 0, 64, 0, -1, 0, 16), plan.Items[0]);
        Assert.Equal(new AttentionRange(1, 2), plan.Levels[1]);
    }

    [Theory]
    [InlineData(4, 16)]
    [InlineData(64, 64)]
    [InlineData(256, 128)]
    public void Items_are_as_narrow_as_it_takes_to_occupy_the_device(int siblings, int shape)
    {
        var planner = new AttentionPlanner(32, 8, 128, 264);
        planner.Build(AttentionTrees.Siblings(siblings, 4096, 4096).Groups);
        Assert.Equal(shape, planner.Plan.Items[0].Shape);
    }

    [Fact]
    public void Siblings_of_a_long_prompt_cost_a_twentieth_of_rows_that_share_nothing()
    {
        var step = AttentionTrees.Siblings(256, 4096, 4096);
        var costs = new AttentionCosts(128, 4, 8, 264);
        var together = new AttentionPlanner(32, 8, 128, 264);
        together.Build(step.Groups);
        var alone = new AttentionPlanner(32, 8, 128, 264, AttentionSharing.Nothing);
        alone.Build(step.Groups);
        Assert.InRange(costs.Of(alone.Plan), 20 * costs.Of(together.Plan), 40 * costs.Of(together.Plan));
    }

    [Fact]
    public void No_single_shape_costs_less_than_the_plan()
    {
        // A device of unknown size, 0 blocks, gets the wide shape uncounted.
        var known = Blocks.Where(blocks => blocks > 0);
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 3000], Gen.Int[1, 300], Gen.Int[1, 20], Sharings, known, Gen.Int[0, 100000]).Sample(
            (branches, longest, chunk, group, sharing, blocks, seed) =>
            {
                var step = AttentionTrees.Random(branches, longest, chunk, new Random(seed));
                var costs = new AttentionCosts(64, group, 2, blocks);
                var chosen = new AttentionPlanner(group * 2, 2, 64, blocks, sharing);
                chosen.Build(step.Groups);
                foreach (var shape in Shapes)
                {
                    var forced = new AttentionPlanner(group * 2, 2, 64, blocks, sharing, shape);
                    forced.Build(step.Groups);
                    AttentionPlanWalk.Check(forced.Plan, step, group);
                    Assert.True(costs.Of(chosen.Plan) <= costs.Of(forced.Plan), $"Shape {shape} costs less.");
                }
            },
            iter: 200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(264)]
    public void A_planner_that_has_seen_the_largest_step_allocates_nothing(int blocks)
    {
        var random = new Random(5);
        var planner = new AttentionPlanner(8, 2, 64, blocks);
        var steps = Enumerable.Range(0, 20).Select(_ => AttentionTrees.Random(40, 2500, 50, random)).ToArray();
        foreach (var step in steps)
            planner.Build(step.Groups);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var step in steps)
            planner.Build(step.Groups);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static AttentionPlan Build(StepPlan step, AttentionSharing sharing, int heads = 32, int keyValueHeads = 8, int dimension = 128)
    {
        var planner = new AttentionPlanner(heads, keyValueHeads, dimension, sharing: sharing);
        planner.Build(step.Groups);
        return planner.Plan;
    }
}
