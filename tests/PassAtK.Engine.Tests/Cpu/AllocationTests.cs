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
        using var run = new CpuRun(new TinyModel(TinyModel.SmallConfig, DataType.BF16), threads: threads, blocks: 1024);
        var tables = Enumerable.Range(0, 40).Select(_ => run.Table(400)).ToArray();
        var plan = new StepPlan();
        var parameters = new SamplingParameters();
        var mine = 0L;
        // Warm up over the positions at which tables grow.
        for (var position = 0; position < 100; position++)
            Decode(position);
        // The runtime allocates now and then on its own account, when it compiles a method again; a step that allocates does so always,
        // so the quietest of several windows tells.
        var (leastMine, leastAll) = (long.MaxValue, long.MaxValue);
        for (var window = 100; window < 300; window += 25)
        {
            mine = 0;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var position = window; position < window + 25; position++)
                Decode(position);
            leastMine = Math.Min(leastMine, mine);
            leastAll = Math.Min(leastAll, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, leastMine);
        // Less than any object a step of a worker could allocate.
        Assert.InRange(leastAll, 0, 25 * 16);

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
            mine += GC.GetAllocatedBytesForCurrentThread() - start;
        }
    }
}
