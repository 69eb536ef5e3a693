namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// Reads `config.json` and, where there is one, `generation_config.json` of a Hugging Face model folder. Absent fields take the defaults of
/// transformers' config classes where those are safe to assume; sizes must be stated. What this engine does not compute is refused.
/// </summary>
public static class ModelConfigReader
{
    public const string ConfigName = "config.json";
    public const string GenerationConfigName = "generation_config.json";

    private const int MaxJsonLength = 16 << 20;
    private const int MaxPositions = 1 << 28;

    private static readonly Dictionary<string, string> ModelTypes = new()
    {
        ["LlamaForCausalLM"] = "llama",
        ["MistralForCausalLM"] = "mistral",
        ["Qwen2ForCausalLM"] = "qwen2",
        ["Qwen3ForCausalLM"] = "qwen3",
    };

    /// <exception cref="InputException">
    /// A file is absent or malformed, a field is out of range, or asks for what is not implemented.
    /// </exception>
    public static ModelConfig Read(string folder)
    {
        var fields = JsonFile.Read(Path.Combine(folder, ConfigName), MaxJsonLength);
        var architecture = ReadArchitecture(fields);
        var vocabularySize = fields.Integer("vocab_size", 1, 1 << 24);
        var hiddenSize = fields.Integer("hidden_size", 1, 1 << 18);
        var headCount = fields.Integer("num_attention_heads", 1, 4096);
        var statedPositions = fields.Integer("max_position_embeddings", 1, MaxPositions);
        var rope = RopeParametersReader.Read(fields, statedPositions);
        var config = new ModelConfig
        {
            Architecture = architecture,
            VocabularySize = vocabularySize,
            HiddenSize = hiddenSize,
            IntermediateSize = fields.Integer("intermediate_size", 1, 1 << 20),
            LayerCount = fields.Integer("num_hidden_layers", 1, 4096),
            HeadCount = headCount,
            KeyValueHeadCount = ReadKeyValueHeadCount(fields, headCount),
            HeadDimension = ReadHeadDimension(fields, architecture, hiddenSize, headCount),
            MaxPositions = ReachablePositions(statedPositions, rope),
            RmsNormEpsilon = (float)fields.Number("rms_norm_eps", 1e-12, 0.1),
            Rope = rope,
            QueryKeyValueBias = architecture == "Qwen2ForCausalLM" || HasAttentionBias(fields, architecture),
            OutputBias = HasAttentionBias(fields, architecture),
            // Only the Llama class knows the field; the others' feed-forward projections never have a bias.
            FeedForwardBias = architecture == "LlamaForCausalLM" && fields.Flag("mlp_bias", fallback: false),
            QueryKeyNorm = architecture == "Qwen3ForCausalLM",
            // False in all four config classes, unlike in their common base class.
            TiedEmbeddings = fields.Flag("tie_word_embeddings", fallback: false),
            EndOfSequenceTokens = ReadEndOfSequenceTokens(folder, fields, vocabularySize),
        };
        UnsupportedFeatures.Refuse(fields, config);
        return config;
    }

    private static string ReadArchitecture(JsonFields fields)
    {
        var expected = $"exactly one of {string.Join(", ", ModelTypes.Keys)}";
        if (fields.Texts("architectures") is not [var architecture] || !ModelTypes.TryGetValue(architecture, out var modelType))
            throw fields.Unexpected("architectures", expected);
        // transformers picks the model class by this field, so a contradiction would run another model there.
        if (fields.Has("model_type") && fields.Text("model_type") != modelType)
            throw fields.Unexpected("model_type", $"\"{modelType}\" for {architecture}");
        return architecture;
    }

    private static int ReadKeyValueHeadCount(JsonFields fields, int headCount)
    {
        var count = fields.Integer("num_key_value_heads", 1, headCount, fallback: headCount);
        return headCount % count == 0
            ? count
            : throw fields.Unexpected("num_key_value_heads", $"a divisor of num_attention_heads, which is {headCount}");
    }

    private static int ReadHeadDimension(JsonFields fields, string architecture, int hiddenSize, int headCount)
    {
        var mayDerive = architecture != "Qwen3ForCausalLM";
        if (mayDerive && !fields.Has("head_dim") && hiddenSize % headCount != 0)
            throw fields.Unexpected("hidden_size", $"a multiple of num_attention_heads, which is {headCount}, where head_dim is absent");
        var dimension = fields.Integer("head_dim", 2, 1024, fallback: mayDerive ? hiddenSize / headCount : 128);
        if (dimension % 2 == 0 && dimension <= 1024)
            return dimension;
        throw fields.Has("head_dim")
            ? fields.Unexpected("head_dim", "an even number")
            : fields.Unexpected("hidden_size", $"an even multiple, up to 1024 times, of num_attention_heads, which is {headCount}");
    }

    /// <summary>Llama and Qwen3 put the bias on all four projections; the Mistral and Qwen2 classes ignore the field.</summary>
    private static bool HasAttentionBias(JsonFields fields, string architecture) =>
        architecture is "LlamaForCausalLM" or "Qwen3ForCausalLM" && fields.Flag("attention_bias", fallback: false);

    /// <summary>
    /// YaRN is often switched on by adding `rope_scaling` alone, with `max_position_embeddings` still that of the first training; the
    /// reach is then the original length times the factor.
    /// </summary>
    private static int ReachablePositions(int stated, RopeParameters rope) =>
        rope.Scaling == RopeScaling.Yarn ? (int)Math.Clamp(rope.OriginalMaxPositions * rope.Factor, stated, MaxPositions) : stated;

    private static int[] ReadEndOfSequenceTokens(string folder, JsonFields config, int vocabularySize)
    {
        const string Name = "eos_token_id";
        var path = Path.Combine(folder, GenerationConfigName);
        var generation = File.Exists(path) ? JsonFile.Read(path, MaxJsonLength) : null;
        var source = generation is not null && generation.Has(Name) ? generation : config;
        return source.Has(Name) ? [.. source.Integers(Name, 0, vocabularySize - 1).Distinct().Order()] : [];
    }
}
