using PassAtK.Cuda;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>What the scheduler relies on, and how the CUDA backend sizes and captures.</summary>
public class CudaBackendContractTests() : ContractSuite(new CudaUnderTest())
{
    private static readonly SamplingParameters Plain = new() { Temperature = 1, TopP = 1 };

    [Fact]
    public void Draws_of_a_graph_have_the_log_probabilities_of_launches_one_by_one()
    {
        var tokens = BackendRun.Tokens(40);
        using var run = Start(Model);
        var table = run.Table(tokens.Length);
        var logits = run.Run(tokens, 0, table, 40);
        var plan = new StepPlan();
        plan.AddRows(tokens, 0, run.Table(tokens.Length));
        for (var row = 0; row < tokens.Length; row++)
            plan.AddDraws(row, Plain, 3, 4, row, [0, 1]);
        run.Backend.Execute(plan);
        for (var draw = 0; draw < plan.Draws.Length; draw++)
        {
            var (token, logprob, filtered) = plan.Draws[draw];
            var row = logits[draw / 2];
            Assert.Equal(-Math.Log(row.Sum(logit => Math.Exp(logit - row[token]))), logprob, 1e-5);
            Assert.Equal(logprob, filtered, 1e-5);
        }
    }

    [Fact]
    public void More_logits_than_the_buffer_holds_are_computed_in_parts()
    {
        var tokens = BackendRun.Tokens(23);
        var draws = new List<TokenDraw[]>();
        var logits = new List<float[][]>();
        // 136 logits of four bytes a row: all rows at once, then five at a time, then one.
        foreach (var bytes in new[] { 1 << 20, 5 * 136 * 4, 1 })
        {
            using var run = new BackendRun(CudaUnderTest.Start(Model, 16, tuning: new CudaBackendTuning { LogitsBytes = bytes }));
            var plan = new StepPlan();
            plan.AddRows(tokens, 0, run.Table(tokens.Length));
            for (var row = 22; row >= 0; row--)
                plan.AddDraws(row, Plain, 1, 2, row, [row, 100]);
            run.Backend.Execute(plan);
            draws.Add(plan.Draws.ToArray());
            logits.Add(run.Run(tokens, 0, run.Table(tokens.Length), 23));
        }
        Assert.Equal(draws[0], draws[1]);
        Assert.Equal(draws[0], draws[2]);
        Assert.Equal(logits[0], logits[1]);
        Assert.Equal(logits[0], logits[2]);
    }

    [Fact]
    public void A_row_may_be_asked_for_more_often_than_there_are_rows()
    {
        using var run = Start(Model, maxRows: 4);
        var plan = new StepPlan();
        plan.AddRows([1, 2, 3, 4], 0, run.Table(4));
        for (var i = 0; i < 30; i++)
            plan.AddDraws(i % 4, Plain, 1, 2, 0, [i / 4]);
        run.Backend.Execute(plan);
        var together = plan.Draws.ToArray();
        plan.Clear();
        plan.AddRows([1, 2, 3, 4], 0, run.Table(4));
        plan.AddDraws(2, Plain, 1, 2, 0, [0, 1, 2, 3, 4, 5, 6]);
        run.Backend.Execute(plan);
        Assert.Equal(plan.Draws.ToArray(), together.Where((_, i) => i % 4 == 2));
    }

    [Fact]
    public void Steps_of_one_shape_share_a_graph_and_larger_ones_get_another()
    {
        using var run = new BackendRun(CudaUnderTest.Start(Model, 64));
        var backend = (CudaBackend)run.Backend;
        BlockTable[] tables = [.. Enumerable.Range(0, 3).Select(_ => run.Table(64))];
        var plan = new StepPlan();
        for (var position = 0; position < 60; position++)
            Step(position, samples: 1);
        var captures = backend.Captures;
        Assert.InRange(captures, 1, 4);
        // Three rows and four share a rung; a thousand draws need a larger layout.
        Step(60, samples: 1);
        Assert.Equal(captures, backend.Captures);
        Step(61, samples: 1000);
        Assert.Equal(captures + 1, backend.Captures);
        Step(62, samples: 1000);
        Assert.Equal(captures + 1, backend.Captures);

        void Step(int position, int samples)
        {
            plan.Clear();
            foreach (var table in tables)
                plan.AddDraws(plan.AddRows([1], position, table), Plain, 1, 2, position, [.. Enumerable.Range(0, samples)]);
            backend.Execute(plan);
        }
    }

    [Fact]
    public void Draws_that_a_later_step_refers_to_survive_growing_memory()
    {
        using var run = Start(Model);
        Assert.Equal(Next(few: 1), Next(few: 40_000));

        // The second step has `few` draws of its own: many of them move the draws to a larger piece of memory.
        TokenDraw[] Next(int few)
        {
            var plan = new StepPlan();
            var table = run.Table(2);
            plan.AddDraws(plan.AddRows([5], 0, table), Plain, 1, 2, 0, [7, 8, 9]);
            run.Backend.Execute(plan);
            plan.Clear();
            plan.AddDraws(plan.AddRows([StepPlan.Drawn(2)], 1, table), Plain, 1, 2, 1, [.. Enumerable.Range(0, few)]);
            run.Backend.Execute(plan);
            return plan.Draws[..1].ToArray();
        }
    }

    [Fact]
    public void Memory_is_accounted_for()
    {
        using var backend = CudaUnderTest.Start(Model, blocks: 10, maxRows: 32);
        Assert.Equal(10, backend.BlockCount);
        // Layers x blocks x positions x (keys and values) x key/value size x 2 bytes.
        Assert.Equal(2L * 10 * 16 * 2 * 64 * 2, backend.KeyValueBytes);
        Assert.InRange(backend.WeightBytes, 2 * 2 * 131 * 70, 2_000_000);
        Assert.InRange(backend.WorkspaceBytes, 1, 20_000_000);
        Assert.StartsWith("cuda ", backend.Name, StringComparison.Ordinal);
        Assert.NotEmpty(backend.Describe());
    }

    [Fact]
    public void A_cache_is_sized_by_bytes_or_by_what_is_free()
    {
        SimtDevice.Require();
        using (var context = CudaContext.Create())
        {
            var free = new KeyValueSizing(context, Model.Config, new CudaBackendOptions()).Blocks();
            Assert.InRange(free, 1, 0.9 * context.Memory().Total / (2 * 16 * 2 * 64 * 2));
            Assert.Equal(7, new KeyValueSizing(context, Model.Config, new CudaBackendOptions { MostKeyValueBlocks = 7 }).Blocks());
        }
        using (var sized = new CudaBackend(Model, new CudaBackendOptions { KeyValueBytes = 100_000, MaxRows = 8 }))
            Assert.Equal(100_000 / (2 * 16 * 2 * 64 * 2), sized.BlockCount);
        var options = new CudaBackendOptions { KeyValueBytes = 100 };
        Assert.Equal(
            "KV cache bytes is 100, expected at least 8192, one block of this model.",
            Assert.Throws<InputException>(() => new CudaBackend(Model, options)).Message);
    }

    [Theory]
    [InlineData(-1, 256, 0, 0, "device is -1, expected 0 or more.")]
    [InlineData(0, 0, 0, 0, "most rows in a step is 0, expected 1 to 65535.")]
    [InlineData(0, 65536, 0, 0, "most rows in a step is 65536, expected 1 to 65535.")]
    [InlineData(0, 1, -2, 0, "KV blocks is -2, expected 0 (by memory) or more.")]
    [InlineData(0, 1, 0, -3, "KV cache bytes is -3, expected 0 (90% of the free memory) or more.")]
    public void Options_outside_their_range_are_refused_by_name(int device, int rows, int blocks, long bytes, string message)
    {
        var options = new CudaBackendOptions { Device = device, MaxRows = rows, KeyValueBlocks = blocks, KeyValueBytes = bytes };
        Assert.Equal(message, Assert.Throws<InputException>(() => new CudaBackend(Model, options)).Message);
    }
}
