using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tests.Reference;
using PassAtK.Engine.Tracing;

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

    [Theory]
    [InlineData(1, false, 1)]
    [InlineData(2, false, 1)]
    [InlineData(2, true, 1)]
    [InlineData(2, true, 8)]
    public void A_step_of_the_whole_engine_in_which_no_branch_forks_allocates_nothing(int threads, bool traced, int samples)
    {
        using var tracer = traced ? new Tracer { ShowsWorkers = true } : null;
        using var backend = new CpuBackend(
            new TinyModel(TinyModel.SmallConfig, DataType.BF16),
            new CpuBackendOptions { Threads = threads, KeyValueBlocks = 1024, MaxRows = 64, Tracer = tracer });
        using var scheduler = new Scheduler(
            backend, tokenizer: null, new EngineOptions { IgnoreEndOfSequence = true, Tracer = tracer }, new EngineStatistics(),
            Requests(40 / samples, samples, 600), _ => { });
        // All samples of eight have parted long before.
        for (var step = 0; step < 100; step++)
            Assert.True(scheduler.Step());
        var least = long.MaxValue;
        for (var window = 0; window < 16; window++)
        {
            var (before, runs) = (GC.GetAllocatedBytesForCurrentThread(), true);
            for (var step = 0; step < 25; step++)
                runs &= scheduler.Step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(runs);
        }
        Assert.Equal(0, least);
    }

    [Fact]
    public void A_fork_allocates_a_branch_of_a_size_by_its_prefix_and_nothing_where_one_that_ended_takes_it()
    {
        var pool = new BlockPool(64);
        var tree = new SampleTree(Requests(1, 4, 600).First(), null, 4096, share: true);
        var parent = new Branch();
        parent.Begin(tree, [0, 1, 2, 3]);
        for (var token = 0; token < 200; token++)
            parent.Append(new TokenDraw(token, -1, -1));
        for (var position = 0; position < 203; position += BlockTable.BlockSize)
        {
            Assert.True(pool.TryTake(out var block));
            parent.Blocks.Add(block);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        var child = new Branch();
        child.ForkFrom(parent, [2, 3], pool);
        // Token, log-probability and filtered log-probability of each position (and of the 16 that a new branch has room for), the table, the object.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 12 * 201, (12 * (201 + 16)) + 600);

        child.ReleaseBlocks(pool);
        before = GC.GetAllocatedBytesForCurrentThread();
        child.ForkFrom(parent, [2, 3], pool);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IEnumerable<SampleRequest> Requests(int problems, int samples, int tokens) => Enumerable.Range(0, problems).Select(
        index => new SampleRequest
        {
            ProblemId = $"problem-{index}",
            Prompt = [2, 3, 4],
            Parameters = new SamplingParameters { Temperature = 1, TopP = 1 },
            Seed = 3,
            MaxTokens = tokens,
            Samples = [.. Enumerable.Range(0, samples)],
        });
}
