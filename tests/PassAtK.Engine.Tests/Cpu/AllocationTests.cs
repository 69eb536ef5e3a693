using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>Runs alone: it watches what all threads of the process allocate.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Decoding_allocates_nothing(int threads)
    {
        using var run = new TestRun(new TinyModel(TinyModel.SmallConfig, DataType.BF16), threads: threads, blocks: 1024);
        var tables = Enumerable.Range(0, 40).Select(_ => run.Table(400)).ToArray();
        var plan = new StepPlan();
        var parameters = new SamplingParameters();
        var mine = 0L;
        // Warm up over the positions at which tables grow and methods are compiled again.
        for (var position = 0; position < 100; position++)
            Decode(position);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var position = 100; position < 300; position++)
            Decode(position);
        var all = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(0, mine);
        // The runtime's own threads may add a little once; 200 steps in which workers allocated would show more.
        Assert.InRange(all, 0, 200 * 16);

        void Decode(int position)
        {
            plan.Clear();
            for (var i = 0; i < tables.Length; i++)
            {
                plan.AddRows([i], position, tables[i]);
                plan.AddDraws(i, parameters, 1, 2, position, [i]);
            }
            var start = GC.GetAllocatedBytesForCurrentThread();
            run.Backend.Execute(plan);
            if (position >= 100)
                mine += GC.GetAllocatedBytesForCurrentThread() - start;
        }
    }
}
