using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>Logits against the F64 reference, for every feature of the architecture, weight type and instruction set.</summary>
public class CpuBackendReferenceTests
{
    /// <summary>Largest difference as a fraction of the largest logit of the row; F32 rounding alone stays well below.</summary>
    private const double Tolerance = 2e-5;

    private static readonly RopeParameters Stretched =
        new() { Theta = 10_000, Factor = 4, OriginalMaxPositions = 32, HighFrequencyFactor = 4 };

    private static readonly Dictionary<string, ModelConfig> Features = new()
    {
        ["plain"] = TinyModel.SmallConfig,
        ["one key head for each query head"] = TinyModel.SmallConfig with { HeadCount = 3, KeyValueHeadCount = 3 },
        ["two queries for each key head"] = TinyModel.SmallConfig with { HeadCount = 4, KeyValueHeadCount = 2 },
        ["five queries for each key head"] = TinyModel.SmallConfig with { HeadCount = 5, KeyValueHeadCount = 1 },
        ["eight queries for each key head"] = TinyModel.SmallConfig with { HeadCount = 8, KeyValueHeadCount = 1 },
        ["heads of 20"] = TinyModel.SmallConfig with { HeadDimension = 20 },
        ["heads of 48"] = TinyModel.SmallConfig with { HeadDimension = 48 },
        ["heads of 64"] = TinyModel.SmallConfig with { HeadDimension = 64 },
        ["heads of 80"] = TinyModel.SmallConfig with { HeadDimension = 80 },
        ["heads of 96"] = TinyModel.SmallConfig with { HeadDimension = 96 },
        ["heads of 128"] = TinyModel.SmallConfig with { HeadDimension = 128 },
        ["query, key and value biases"] = TinyModel.SmallConfig with { QueryKeyValueBias = true },
        ["all biases"] = TinyModel.SmallConfig with { QueryKeyValueBias = true, OutputBias = true, FeedForwardBias = true },
        ["query and key norms"] = TinyModel.SmallConfig with { QueryKeyNorm = true },
        ["query and key norms of heads of 48"] = TinyModel.SmallConfig with { QueryKeyNorm = true, HeadDimension = 48 },
        ["tied embeddings"] = TinyModel.SmallConfig with { TiedEmbeddings = true },
        ["odd sizes"] = TinyModel.SmallConfig with { HiddenSize = 37, IntermediateSize = 101, TiedEmbeddings = true },
        ["linear rope"] = TinyModel.SmallConfig with { Rope = Stretched with { Scaling = RopeScaling.Linear } },
        ["Llama 3 rope"] = TinyModel.SmallConfig with { Rope = Stretched with { Scaling = RopeScaling.Llama3 } },
        ["YaRN rope"] = TinyModel.SmallConfig with { Rope = Stretched with { Scaling = RopeScaling.Yarn } },
        ["inputs in blocks"] = TinyModel.SmallConfig with { IntermediateSize = 9000, LayerCount = 1 },
    };

    public static TheoryData<string, DataType> Cases
    {
        get
        {
            var cases = new TheoryData<string, DataType>();
            foreach (var feature in Features.Keys)
            {
                foreach (var type in new[] { DataType.F32, DataType.F16, DataType.BF16 })
                    cases.Add(feature, type);
            }
            return cases;
        }
    }

    public static TheoryData<InstructionSet> InstructionSets =>
        [InstructionSet.Vector512, InstructionSet.Vector256, InstructionSet.Portable];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_agree_with_the_reference(string feature, DataType type)
    {
        var model = new TinyModel(Features[feature], type);
        using var run = new TestRun(model, threads: 2);
        var tokens = TestRun.Tokens(75);
        var table = run.Table(tokens.Length);
        float[][] logits = [.. run.Run(tokens[..70], 0, table, 37), .. run.Run(tokens[70..], 70, table, 1)];
        AssertClose(new ReferenceModel(model).Logits(tokens), logits);
    }

    [Fact]
    public void Contexts_of_several_splits_agree_with_the_reference()
    {
        var model = new TinyModel(TinyModel.SmallConfig with { LayerCount = 1, HeadCount = 4 }, DataType.BF16);
        using var run = new TestRun(model, threads: 2);
        var tokens = TestRun.Tokens(2100);
        var table = run.Table(tokens.Length);
        float[][] logits = [.. run.Run(tokens[..2095], 0, table, 700), .. run.Run(tokens[2095..], 2095, table, 1)];
        AssertClose(new ReferenceModel(model).Logits(tokens), logits);
    }

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
                var tokens = TestRun.Tokens(83);
                Assert.Equal(Logits(InstructionSet.Portable), Logits(set));

                float[][] Logits(InstructionSet choice)
                {
                    using var run = new TestRun(model, choice);
                    return run.Run(tokens, 0, run.Table(tokens.Length), 80);
                }
            }
        }
    }

    private static void AssertClose(double[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var row = 0; row < expected.Length; row++)
        {
            var largest = expected[row].Max(Math.Abs);
            var difference = expected[row].Zip(actual[row], (e, a) => Math.Abs(e - a)).Max();
            Assert.True(difference <= Tolerance * largest, $"row {row}: {difference} of {largest}");
        }
    }
}
