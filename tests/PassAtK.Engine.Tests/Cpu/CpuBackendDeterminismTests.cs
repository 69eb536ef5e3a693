using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>What every backend's rows do not depend on, and what else the CPU backend's do not.</summary>
public class CpuBackendDeterminismTests() : DeterminismSuite(new CpuUnderTest())
{
    private static readonly TinyModel Model = new(TinyModel.SmallConfig with { QueryKeyValueBias = true }, DataType.BF16);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Threads_do_not_matter(int threads)
    {
        var tokens = BackendRun.Tokens(1100);
        using var one = new CpuRun(Model);
        using var several = new CpuRun(Model, threads: threads);
        Assert.Equal(one.Run(tokens, 0, one.Table(1100), 256), several.Run(tokens, 0, several.Table(1100), 256));
    }

    [Theory]
    [InlineData(InstructionSet.Auto)]
    [InlineData(InstructionSet.Vector256)]
    [InlineData(InstructionSet.Portable)]
    public void A_row_alone_equals_the_row_among_256_with_each_instruction_set(InstructionSet set)
    {
        Assert.SkipUnless(InstructionSets.IsSupported(InstructionSets.Resolve(set)), $"this processor has no {set}");
        using var run = new CpuRun(Model, set, threads: 2, blocks: 1024);
        var (tables, tokens) = Siblings(run, 256);
        var together = run.Step(plan => AddAll(plan, tables, tokens));
        foreach (var row in new[] { 0, 1, 100, 255 })
            Assert.Equal(together[row], run.Step(plan => plan.AddRows([tokens[row]], Prompt, tables[row]))[0]);
    }

    [Fact]
    public void What_is_not_a_number_does_not_reach_earlier_rows_of_its_chunk()
    {
        const int Bad = 7;
        var model = new TinyModel(TinyModel.SmallConfig, DataType.BF16, notFinite: Bad);
        var tokens = BackendRun.Tokens(70).Select(token => token == Bad ? 0 : token).ToArray();
        using var run = new CpuRun(model, threads: 2, blocks: 16);
        var fresh = run.Run(tokens, 0, run.Table(80), 70);
        Assert.Equal(fresh, run.Run([.. tokens, Bad, Bad], 0, run.Table(80), 72)[..70]);
    }

    [Fact]
    public void Inputs_taken_in_blocks_equal_inputs_taken_at_once()
    {
        // Many rows take an inner size of 9,000 in blocks; a row alone takes it at once.
        var model = new TinyModel(TinyModel.SmallConfig with { IntermediateSize = 9000, LayerCount = 1 }, DataType.BF16);
        var tokens = BackendRun.Tokens(40);
        using var run = new CpuRun(model, threads: 2);
        Assert.Equal(run.Run(tokens, 0, run.Table(40), 40), run.Run(tokens, 0, run.Table(40), 1));
    }
}
