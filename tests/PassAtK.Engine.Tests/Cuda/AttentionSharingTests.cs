using PassAtK.Cuda;
using PassAtK.Cuda.Tests.Kernels;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>Runs alone: the device's seed is one for the process.</summary>
[Collection(nameof(CudaFaultTests))]
public class AttentionSharingTests
{
    [Theory]
    [InlineData(1, 5, 250, 2)]
    [InlineData(2, 12, 200, 3)]
    [InlineData(3, 6, 1300, 1)]
    [InlineData(4, 12, 150, 10)]
    public void Sharing_everything_a_prefix_or_nothing_gives_the_same_bits(int seed, int branches, int longest, int group)
    {
        SimtDevice.Require();
        var random = new Random(seed);
        var step = AttentionTrees.Random(branches, longest, 30, random);
        var rows = AttentionCase.Create(32, group, 1, false, AttentionTrees.Positions(step), RowTables(step), random);
        using var context = CudaContext.Create();
        foreach (var mode in SimtDevice.Modes)
        {
            mode.Apply();
            using var compiler = new KernelCompiler(context, new CubinCache(CubinCache.DefaultFolder)) { ExtraOptions = mode.Options };
            var expected = AttentionDevice.Run(context, compiler, rows, Plan(step, rows, AttentionSharing.Nothing, 16));
            rows.Check(expected);
            foreach (var sharing in Enum.GetValues<AttentionSharing>())
            {
                foreach (var shape in AttentionWork.Shapes)
                    Assert.Equal(expected, AttentionDevice.Run(context, compiler, rows, Plan(step, rows, sharing, shape)));
            }
        }
    }

    private static AttentionWork Plan(StepPlan step, AttentionCase rows, AttentionSharing sharing, int shape)
    {
        var planner = new AttentionPlanner(rows.Heads, rows.KeyValueHeads, rows.HeadDimension, 0, sharing, shape);
        planner.Build(step.Groups);
        var plan = planner.Plan;
        return new AttentionWork
        {
            Items = plan.Items.ToArray(),
            Levels = plan.Levels.ToArray(),
            Blocks = plan.Blocks.ToArray(),
            MergeRows = plan.MergeRows.ToArray(),
            MergeSlots = plan.MergeSlots.ToArray(),
            StateSlots = plan.StateSlots,
        };
    }

    private static int[][] RowTables(StepPlan step)
    {
        var tables = new List<int[]>();
        foreach (var group in step.Groups)
            tables.AddRange(Enumerable.Repeat(group.Blocks.Blocks.ToArray(), group.RowCount));
        return [.. tables];
    }
}
