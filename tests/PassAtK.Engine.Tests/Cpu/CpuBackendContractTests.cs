using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>What the scheduler relies on, and how the CPU backend sizes itself.</summary>
public class CpuBackendContractTests() : ContractSuite(new CpuUnderTest())
{
    [Fact]
    public void More_logits_than_the_buffer_holds_are_computed_in_parts()
    {
        // 32 MiB hold 32 rows of this vocabulary.
        using var model = new TinyModel(
            TinyModel.SmallConfig with { VocabularySize = 250_000, HiddenSize = 6, LayerCount = 1, TiedEmbeddings = true }, DataType.BF16);
        using var run = new CpuRun(model, threads: 2, blocks: 8, maxRows: 70);
        var tokens = BackendRun.Tokens(70);
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
    public void Memory_is_accounted_for()
    {
        using var run = new CpuRun(Model, blocks: 10, maxRows: 32);
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
        using var tied = new CpuRun(new TinyModel(TinyModel.SmallConfig with { TiedEmbeddings = true }, DataType.F16));
        using var untied = new CpuRun(new TinyModel(TinyModel.SmallConfig, DataType.F16));
        Assert.Equal(144 * 70 * 2, untied.Backend.WeightBytes - tied.Backend.WeightBytes);
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
}
