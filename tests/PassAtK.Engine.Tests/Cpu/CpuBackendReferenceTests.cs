using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>The CPU backend against the reference, and its instruction sets against each other.</summary>
public class CpuBackendReferenceTests() : ReferenceSuite(new CpuUnderTest())
{
    public static TheoryData<InstructionSet> InstructionSets =>
        [InstructionSet.Vector512, InstructionSet.Vector256, InstructionSet.Portable];

    [Theory]
    [MemberData(nameof(InstructionSets))]
    public void All_instruction_sets_agree_bit_for_bit(InstructionSet set)
    {
        Assert.SkipUnless(PassAtK.Engine.Cpu.InstructionSets.IsSupported(set), $"this processor has no {set}");
        foreach (var type in new[] { DataType.F32, DataType.F16, DataType.BF16 })
        {
            foreach (var name in new[] { "all biases", "heads of 20", "heads of 80", "query and key norms", "odd sizes", "inputs in blocks" })
            {
                var model = new TinyModel(Features[name], type);
                var tokens = BackendRun.Tokens(83);
                Assert.Equal(Logits(InstructionSet.Portable), Logits(set));

                float[][] Logits(InstructionSet choice)
                {
                    using var run = new CpuRun(model, choice);
                    return run.Run(tokens, 0, run.Table(tokens.Length), 80);
                }
            }
        }
    }
}
