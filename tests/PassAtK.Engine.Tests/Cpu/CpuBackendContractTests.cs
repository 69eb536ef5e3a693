using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

public class CpuBackendContractTests
{
    private static readonly TinyModel Model = new(TinyModel.SmallConfig with { MaxPositions = 64 }, DataType.BF16);

    [Fact]
    public void Draws_and_scores_come_from_the_rows_they_name()
    {
        var tokens = TestRun.Tokens(9);
        using var run = new TestRun(Model, threads: 2);
        var table = run.Table(tokens.Length);
        var logits = run.Run(tokens, 0, table, tokens.Length);
        var plan = new StepPlan();
        plan.AddRows(tokens, 0, table);
        var greedy = new SamplingParameters { Temperature = 0 };
        plan.AddDraws(8, greedy, 1, 2, 0, [3, 4]);
        plan.AddScores(2, [77, 3]);
        plan.AddDraws(5, greedy, 1, 2, 0, [0]);
        run.Backend.Execute(plan);
        Assert.Equal([ArgMax(8), ArgMax(8), 77, 3, ArgMax(5)], plan.Draws.ToArray().Select(draw => draw.Token));
        foreach (var score in plan.Draws[2..4])
            Assert.Equal(-Math.Log(logits[2].Sum(logit => Math.Exp(logit - logits[2][score.Token]))), score.Logprob, 1e-5);

        int ArgMax(int row) => Array.IndexOf(logits[row], logits[row].Max());
    }

    [Fact]
    public void More_logits_than_the_buffer_holds_are_computed_in_parts()
    {
        // 32 MiB hold 32 rows of this vocabulary.
        using var model = new TinyModel(
            TinyModel.SmallConfig with { VocabularySize = 250_000, HiddenSize = 6, LayerCount = 1, TiedEmbeddings = true }, DataType.BF16);
        using var run = new TestRun(model, threads: 2, blocks: 8, maxRows: 70);
        var tokens = TestRun.Tokens(70);
        var table = run.Table(70);
        var plan = new StepPlan();
        plan.AddRows(tokens, 0, table);
        for (var row = 0; row < 70; row++)
            plan.AddDraws(row, new SamplingParameters { Temperature = 0 }, 0, 0, 0, [row]);
        run.Backend.Execute(plan);
        var together = plan.Draws.ToArray();
        for (var row = 0; row < 70; row += 23)
        {
            plan.Clear();
            plan.AddRows([tokens[row]], row, table);
            plan.AddDraws(0, new SamplingParameters { Temperature = 0 }, 0, 0, 0, [row]);
            run.Backend.Execute(plan);
            Assert.Equal(together[row], plan.Draws[0]);
        }
    }

    [Fact]
    public void A_reference_feeds_the_token_that_the_step_before_drew_there()
    {
        var tokens = TestRun.Tokens(20);
        var parameters = new SamplingParameters { Temperature = 1, TopP = 1 };
        using var run = new TestRun(Model, threads: 2);
        var (first, second) = (new StepPlan(), new StepPlan());
        var tables = Enumerable.Range(0, 4).Select(_ => run.Table(tokens.Length + 1)).ToArray();
        foreach (var table in tables)
            first.AddDraws(first.AddRows(tokens, 0, table) + tokens.Length - 1, parameters, 1, 2, 0, [first.Groups.Length, 9]);
        run.Backend.Execute(first);
        TokenDraw[][] drawn = [Next(StepPlan.Drawn), first.Draws.ToArray(), []];
        run.Backend.Execute(first);
        drawn[2] = Next(slot => drawn[1][slot].Token);
        Assert.True(drawn[1].Select(draw => draw.Token).Distinct().Count() > 1);
        Assert.Equal(drawn[2], drawn[0]);

        TokenDraw[] Next(Func<int, int> feed)
        {
            second.Clear();
            for (var i = 0; i < tables.Length; i++)
                second.AddDraws(second.AddRows([feed((2 * i) + 1)], tokens.Length, tables[i]), parameters, 1, 2, 1, [i]);
            run.Backend.Execute(second);
            return second.Draws.ToArray();
        }
    }

    [Fact]
    public void A_step_is_collected_once_and_before_the_next()
    {
        using var run = new TestRun(Model);
        var plan = new StepPlan();
        plan.AddRows([1], 0, run.Table(1));
        Assert.Throws<InvalidOperationException>(run.Backend.Collect);
        run.Backend.Submit(plan);
        Assert.Throws<InvalidOperationException>(() => run.Backend.Submit(plan));
        run.Backend.Collect();
        Assert.Throws<InvalidOperationException>(run.Backend.Collect);
    }

    [Fact]
    public void A_plan_beyond_the_backend_is_refused()
    {
        using var run = new TestRun(Model, blocks: 8, maxRows: 5);
        var table = run.Table(65);
        Assert.Contains("6 rows", Refusal(plan => plan.AddRows(new int[6], 0, table)), StringComparison.Ordinal);
        Assert.Contains("position 64", Refusal(plan => plan.AddRows([1], 64, table)), StringComparison.Ordinal);
        Assert.Contains("1 blocks", Refusal(plan => plan.AddRows([1], 16, run.Table(1))), StringComparison.Ordinal);
        Assert.Contains("token 131", Refusal(plan => plan.AddRows([131], 0, table)), StringComparison.Ordinal);
        Assert.Contains("slot 0", Refusal(plan => plan.AddRows([StepPlan.Drawn(0)], 0, table)), StringComparison.Ordinal);
        Assert.Contains("target is 131", Refusal(plan => plan.AddScores(plan.AddRows([1], 0, table), [130, 131])), StringComparison.Ordinal);
        Assert.Contains("block 8", Refusal(plan => plan.AddCopy(0, 8)), StringComparison.Ordinal);
        var beyond = new BlockTable();
        beyond.Add(8);
        Assert.Contains("names block 8", Refusal(plan => plan.AddRows([1], 0, beyond)), StringComparison.Ordinal);

        string Refusal(Action<StepPlan> build) => Assert.Throws<ArgumentException>(() => run.Step(build)).Message;
    }

    [Fact]
    public void Memory_is_accounted_for()
    {
        using var run = new TestRun(Model, blocks: 10, maxRows: 32);
        Assert.Equal(10, run.Backend.BlockCount);
        // Layers x blocks x positions x (keys and values) x key/value size x 4 bytes.
        Assert.Equal(2L * 10 * 16 * 2 * 64 * 4, run.Backend.KeyValueBytes);
        Assert.InRange(run.Backend.WeightBytes, 2 * 2 * 131 * 70, 2_000_000);
        Assert.InRange(run.Backend.WorkspaceBytes, 1, 20_000_000);
        using var sized = new CpuBackend(Model, new CpuBackendOptions { KeyValueBytes = 100_000, Threads = 1 });
        Assert.Equal(100_000 / (2 * 16 * 2 * 64 * 4), sized.BlockCount);
    }

    [Fact]
    public void Tied_embeddings_are_stored_once()
    {
        using var tied = new TestRun(new TinyModel(TinyModel.SmallConfig with { TiedEmbeddings = true }, DataType.F16));
        using var untied = new TestRun(new TinyModel(TinyModel.SmallConfig, DataType.F16));
        Assert.Equal(144 * 70 * 2, untied.Backend.WeightBytes - tied.Backend.WeightBytes);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused_by_name()
    {
        using var other = new MisshapenModel();
        var thrown = Assert.Throws<InputException>(() => new CpuBackend(other, new CpuBackendOptions { Threads = 2 }));
        Assert.Equal("tensor 'model.layers.1.mlp.up_proj.weight' has shape [90, 70], expected [91, 70].", thrown.Message);
    }

    [Theory]
    [InlineData(-1, 256, 0, 0, "threads is -1, expected 0 (one for each processor) to 1024.")]
    [InlineData(1, 0, 0, 0, "most rows in a step is 0, expected 1 to 65536.")]
    [InlineData(1, 1, -2, 0, "KV blocks is -2, expected 0 (by memory) or more.")]
    [InlineData(1, 1, 0, -3, "KV cache bytes is -3, expected 0 (a quarter of the memory) or more.")]
    [InlineData(1, 1, 0, 100, "KV cache bytes is 100, expected at least 16384, one block of this model.")]
    public void Options_outside_their_range_are_refused_by_name(int threads, int rows, int blocks, long bytes, string message)
    {
        var options = new CpuBackendOptions { Threads = threads, MaxRows = rows, KeyValueBlocks = blocks, KeyValueBytes = bytes };
        Assert.Equal(message, Assert.Throws<InputException>(() => new CpuBackend(Model, options)).Message);
    }

    /// <summary>Its config promises a wider second layer than its tensors have.</summary>
    private sealed class MisshapenModel : IWeightSource
    {
        private readonly TinyModel _wide = new(TinyModel.SmallConfig with { IntermediateSize = 91 }, DataType.F32);
        private readonly TinyModel _narrow = new(TinyModel.SmallConfig, DataType.F32);

        public ModelConfig Config => _wide.Config;

        public WeightTensor Get(string name) =>
            name == "model.layers.1.mlp.up_proj.weight" ? _narrow.Get(name) : _wide.Get(name);

        public void Dispose()
        {
        }
    }
}
