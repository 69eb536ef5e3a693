namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// Published models' configurations by name, for benchmarks with <see cref="RandomWeights"/> where no checkpoint is at hand. Source: the
/// `config.json` of the base models on Hugging Face.
/// </summary>
public static class ModelShapes
{
    private static readonly RopeParameters Llama31Rope = new()
    {
        Theta = 500_000,
        Scaling = RopeScaling.Llama3,
        Factor = 8,
        LowFrequencyFactor = 1,
        HighFrequencyFactor = 4,
        OriginalMaxPositions = 8192,
    };

    private static readonly Dictionary<string, ModelConfig> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["smollm2-135m"] = SmolLm2(layers: 30, hidden: 576, intermediate: 1536, heads: 9, keyValueHeads: 3),
        ["smollm2-360m"] = SmolLm2(layers: 32, hidden: 960, intermediate: 2560, heads: 15, keyValueHeads: 5),
        ["llama-3.2-1b"] = Llama3(layers: 16, hidden: 2048, intermediate: 8192, Llama31Rope with { Factor = 32 }, tied: true),
        ["llama-3.1-8b"] = Llama3(layers: 32, hidden: 4096, intermediate: 14_336, Llama31Rope, tied: false),
        ["qwen2.5-0.5b"] = Qwen25(151_936, layers: 24, hidden: 896, intermediate: 4864, heads: 14, keyValueHeads: 2, tied: true) with
        {
            MaxPositions = 32_768,
        },
        ["qwen2.5-1.5b"] = Qwen25(151_936, layers: 28, hidden: 1536, intermediate: 8960, heads: 12, keyValueHeads: 2, tied: true),
        ["qwen2.5-7b"] = Qwen25(152_064, layers: 28, hidden: 3584, intermediate: 18_944, heads: 28, keyValueHeads: 4, tied: false),
        ["qwen2.5-32b"] = Qwen25(152_064, layers: 64, hidden: 5120, intermediate: 27_648, heads: 40, keyValueHeads: 8, tied: false) with
        {
            RmsNormEpsilon = 1e-5f,
        },
        ["qwen3-8b"] = new ModelConfig
        {
            Architecture = "Qwen3ForCausalLM",
            VocabularySize = 151_936,
            HiddenSize = 4096,
            IntermediateSize = 12_288,
            LayerCount = 36,
            HeadCount = 32,
            KeyValueHeadCount = 8,
            HeadDimension = 128,
            MaxPositions = 40_960,
            RmsNormEpsilon = 1e-6f,
            Rope = new RopeParameters { Theta = 1_000_000 },
            QueryKeyNorm = true,
            EndOfSequenceTokens = [151_643, 151_645],
        },
    };

    /// <summary>The known names, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The configuration of that name, in upper or lower case.</summary>
    /// <exception cref="InputException">The name is unknown; the message lists the known ones.</exception>
    public static ModelConfig Get(string name) =>
        ByName.GetValueOrDefault(name)
        ?? throw new InputException($"model shape '{name}' is unknown, expected one of {string.Join(", ", Names)}.");

    private static ModelConfig SmolLm2(int layers, int hidden, int intermediate, int heads, int keyValueHeads) => new()
    {
        Architecture = "LlamaForCausalLM",
        VocabularySize = 49_152,
        HiddenSize = hidden,
        IntermediateSize = intermediate,
        LayerCount = layers,
        HeadCount = heads,
        KeyValueHeadCount = keyValueHeads,
        HeadDimension = 64,
        MaxPositions = 8192,
        RmsNormEpsilon = 1e-5f,
        Rope = new RopeParameters { Theta = 100_000 },
        TiedEmbeddings = true,
        EndOfSequenceTokens = [0],
    };

    private static ModelConfig Llama3(int layers, int hidden, int intermediate, RopeParameters rope, bool tied) => new()
    {
        Architecture = "LlamaForCausalLM",
        VocabularySize = 128_256,
        HiddenSize = hidden,
        IntermediateSize = intermediate,
        LayerCount = layers,
        HeadCount = 32,
        KeyValueHeadCount = 8,
        HeadDimension = hidden / 32,
        MaxPositions = 131_072,
        RmsNormEpsilon = 1e-5f,
        Rope = rope,
        TiedEmbeddings = tied,
        EndOfSequenceTokens = [128_001],
    };

    private static ModelConfig Qwen25(
        int vocabulary, int layers, int hidden, int intermediate, int heads, int keyValueHeads, bool tied) => new()
        {
            Architecture = "Qwen2ForCausalLM",
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = intermediate,
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = keyValueHeads,
            HeadDimension = hidden / heads,
            MaxPositions = 131_072,
            RmsNormEpsilon = 1e-6f,
            Rope = new RopeParameters { Theta = 1_000_000 },
            QueryKeyValueBias = true,
            TiedEmbeddings = tied,
            EndOfSequenceTokens = [151_643],
        };
}
