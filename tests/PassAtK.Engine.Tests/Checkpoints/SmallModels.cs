using CsCheck;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Checkpoints;

/// <summary>Configurations that are small enough to write, load and run in a test.</summary>
internal static class SmallModels
{
    /// <summary>Two layers, 4 query and 2 key/value heads of 8 dimensions, 50 tokens, separate output projection.</summary>
    public static ModelConfig Llama { get; } = new()
    {
        Architecture = "LlamaForCausalLM",
        VocabularySize = 50,
        HiddenSize = 32,
        IntermediateSize = 48,
        LayerCount = 2,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        HeadDimension = 8,
        MaxPositions = 128,
        RmsNormEpsilon = 1e-5f,
        Rope = new RopeParameters { Theta = 10_000 },
        EndOfSequenceTokens = [1],
    };

    public static ModelConfig Mistral { get; } = Llama with { Architecture = "MistralForCausalLM", HeadDimension = 16 };

    public static ModelConfig Qwen2 { get; } = Llama with
    {
        Architecture = "Qwen2ForCausalLM",
        QueryKeyValueBias = true,
        TiedEmbeddings = true,
    };

    public static ModelConfig Qwen3 { get; } = Llama with
    {
        Architecture = "Qwen3ForCausalLM",
        QueryKeyNorm = true,
        HeadDimension = 16,
        EndOfSequenceTokens = [1, 7],
    };

    private static Gen<RopeParameters> AnyRope { get; } =
        from theta in Gen.Double[100, 1e7]
        from scaling in Gen.Enum<RopeScaling>()
        from factor in Gen.Double[1, 8]
        from low in Gen.Double[0.5, 2]
        from high in Gen.Double[3, 9]
        from betaFast in Gen.Double[8, 64]
        from betaSlow in Gen.Double[0.5, 2]
        from attentionFactor in Gen.Double[0.5, 2].Nullable()
        select scaling switch
        {
            RopeScaling.None => new RopeParameters { Theta = theta },
            RopeScaling.Linear => new RopeParameters { Theta = theta, Scaling = scaling, Factor = factor },
            RopeScaling.Llama3 => new RopeParameters
            {
                Theta = theta,
                Scaling = scaling,
                Factor = factor,
                LowFrequencyFactor = low,
                HighFrequencyFactor = high,
                OriginalMaxPositions = 512,
            },
            _ => new RopeParameters
            {
                Theta = theta,
                Scaling = scaling,
                Factor = factor,
                OriginalMaxPositions = 512,
                BetaFast = betaFast,
                BetaSlow = betaSlow,
                AttentionFactor = attentionFactor,
            },
        };

    public static Gen<ModelConfig> Any { get; } =
        from architecture in Gen.Int[0, 3].Select(i => new[] { Llama, Mistral, Qwen2, Qwen3 }[i])
        from vocabulary in Gen.Int[1, 300]
        from hidden in Gen.Int[1, 100]
        from intermediate in Gen.Int[1, 100]
        from layers in Gen.Int[1, 4]
        from keyValueHeads in Gen.Int[1, 4]
        from queriesPerKey in Gen.Int[1, 5]
        from halfDimension in Gen.Int[1, 20]
        from rope in AnyRope
        from attentionBias in Gen.Bool
        from feedForwardBias in Gen.Bool
        from tied in Gen.Bool
        from endTokens in Gen.Int[0, vocabulary - 1].HashSet[0, Math.Min(3, vocabulary)]
        select architecture with
        {
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = intermediate,
            LayerCount = layers,
            HeadCount = keyValueHeads * queriesPerKey,
            KeyValueHeadCount = keyValueHeads,
            HeadDimension = 2 * halfDimension,
            MaxPositions = 4096,
            Rope = rope,
            QueryKeyValueBias = architecture == Qwen2 || (architecture != Mistral && attentionBias),
            OutputBias = architecture != Qwen2 && architecture != Mistral && attentionBias,
            FeedForwardBias = architecture == Llama && feedForwardBias,
            TiedEmbeddings = tied,
            EndOfSequenceTokens = [.. endTokens.Order()],
        };
}
