using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Backends;

/// <summary>Logits against the F64 reference, for every feature of the architecture and weight type.</summary>
public abstract class ReferenceSuite(BackendUnderTest device)
{
    private static readonly RopeParameters Stretched =
        new() { Theta = 10_000, Factor = 4, OriginalMaxPositions = 32, HighFrequencyFactor = 4 };

    internal static Dictionary<string, ModelConfig> Features { get; } = new()
    {
        ["plain"] = TinyModel.SmallConfig,
        ["one key head for each query head"] = TinyModel.SmallConfig with { HeadCount = 3, KeyValueHeadCount = 3 },
        ["two queries for each key head"] = TinyModel.SmallConfig with { HeadCount = 4, KeyValueHeadCount = 2 },
        ["five queries for each key head"] = TinyModel.SmallConfig with { HeadCount = 5, KeyValueHeadCount = 1 },
        ["eight queries for each key head"] = TinyModel.SmallConfig with { HeadCount = 8, KeyValueHeadCount = 1 },
        ["heads of 16"] = TinyModel.SmallConfig with { HeadDimension = 16 },
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

    public static TheoryData<string> FeatureNames => [.. Features.Keys];

    [Theory]
    [MemberData(nameof(FeatureNames))]
    public void Logits_agree_with_the_reference(string feature)
    {
        var config = Features[feature];
        Assert.SkipUnless(device.Supports(config), $"not for this backend: {feature}");
        foreach (var type in device.Types)
        {
            var model = new TinyModel(config, type);
            using var run = new BackendRun(device.Create(model, blocks: 16, maxRows: 64));
            var tokens = BackendRun.Tokens(75);
            var table = run.Table(tokens.Length);
            float[][] logits = [.. run.Run(tokens[..70], 0, table, 37), .. run.Run(tokens[70..], 70, table, 1)];
            AssertClose(new ReferenceModel(model, device.Rounding(type)).Logits(tokens), logits, device.Tolerance(type));
        }
    }

    [Fact]
    public void Contexts_of_several_splits_agree_with_the_reference()
    {
        var type = device.Types[^1];
        var model = new TinyModel(TinyModel.SmallConfig with { LayerCount = 1, HeadCount = 4 }, type);
        using var run = new BackendRun(device.Create(model, blocks: 140, maxRows: 700));
        var tokens = BackendRun.Tokens(2100);
        var table = run.Table(tokens.Length);
        float[][] logits = [.. run.Run(tokens[..2095], 0, table, 700), .. run.Run(tokens[2095..], 2095, table, 1)];
        AssertClose(new ReferenceModel(model, device.Rounding(type)).Logits(tokens), logits, device.Tolerance(type));
    }

    private static void AssertClose(double[][] expected, float[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var row = 0; row < expected.Length; row++)
        {
            var largest = expected[row].Max(Math.Abs);
            var difference = expected[row].Zip(actual[row], (e, a) => Math.Abs(e - a)).Max();
            Assert.True(difference <= tolerance * largest, $"row {row}: {difference} of {largest}");
        }
    }
}
