using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>What every backend's rows do not depend on, and what else those on CUDA do not.</summary>
public class CudaBackendDeterminismTests() : DeterminismSuite(new CudaUnderTest())
{
    private static readonly TinyModel Model = new(TinyModel.SmallConfig with { QueryKeyValueBias = true }, DataType.BF16);

    [Fact]
    public void What_attention_shares_does_not_matter()
    {
        var expected = Logits(AttentionSharing.Nothing);
        Assert.Equal(expected, Logits(AttentionSharing.Prefix));
        Assert.Equal(expected, Logits(AttentionSharing.Everything));
        Assert.Equal(expected, Logits(AttentionSharing.ByCost));

        static float[][] Logits(AttentionSharing sharing)
        {
            using var run = new BackendRun(CudaUnderTest.Start(Model, 512, 256, new CudaBackendTuning { Sharing = sharing }));
            var (tables, tokens) = Siblings(run, 30);
            return run.Step(plan => AddAll(plan, tables, tokens));
        }
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x7F)]
    public void What_blocks_hold_beyond_a_rows_position_does_not_matter(byte poison)
    {
        // All bits set is a NaN; 0x7F7F is 3e38 in BF16.
        var tokens = BackendRun.Tokens(Prompt);
        using var run = Start(blocks: 32);
        var clean = run.Run(tokens, 0, run.Table(Prompt), 60);
        ((CudaBackend)run.Backend).Cache.Fill(poison);
        Assert.Equal(clean, run.Run(tokens, 0, run.Table(Prompt), 60));
    }

    [Fact]
    public void Stale_rows_of_a_larger_step_do_not_matter()
    {
        const int Bad = 7;
        var model = new TinyModel(TinyModel.SmallConfig, DataType.BF16, notFinite: Bad);
        using var run = Start(model, blocks: 64, maxRows: 64);
        var expected = run.Step(plan => plan.AddRows([1, 2, 3], 0, run.Table(3)));
        // All activations are NaN now; three rows run on a rung of four.
        run.Step(plan => plan.AddRows(Enumerable.Repeat(Bad, 64).ToArray(), 0, run.Table(64)));
        Assert.Equal(expected, run.Step(plan => plan.AddRows([1, 2, 3], 0, run.Table(3))));
    }
}
