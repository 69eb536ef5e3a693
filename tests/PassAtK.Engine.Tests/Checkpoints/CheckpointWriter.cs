using System.Text.Json.Nodes;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Checkpoints;

/// <summary>
/// Writes model folders in Hugging Face layout for tests. A small random model: `CheckpointWriter.Write(folder, new RandomWeights(config,
/// DataType.BF16, seed))`; a model of given values: `Write(folder, config, tensors)` with <see cref="StoredTensor.Of(string, DataType,
/// float[], int[])"/>.
/// </summary>
internal static class CheckpointWriter
{
    /// <summary>Writes configuration and weights.</summary>
    /// <param name="folder">Must exist.</param>
    /// <param name="source">Gives every tensor of its configuration's layout.</param>
    /// <param name="shards">1 for `model.safetensors`; more for numbered shards and their index.</param>
    public static void Write(string folder, IWeightSource source, int shards = 1)
    {
        var layout = new ModelLayout(source.Config);
        var tensors = layout.Tensors.Select(shape => StoredTensor.Of(source.Get(shape.Name), shape.Dimensions));
        Write(folder, source.Config, [.. tensors], shards);
    }

    /// <summary>Writes configuration and these tensors, whether or not they fit it.</summary>
    public static void Write(string folder, ModelConfig config, IReadOnlyList<StoredTensor> tensors, int shards = 1)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), ToJson(config).ToJsonString());
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), GenerationJson(config).ToJsonString());
        if (shards == 1)
        {
            File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), StoredTensor.ToFile(tensors));
            return;
        }
        var map = new JsonObject();
        foreach (var (number, shard) in tensors.Chunk((tensors.Count + shards - 1) / shards).Index())
        {
            var name = $"model-{number + 1:D5}-of-{shards:D5}.safetensors";
            File.WriteAllBytes(Path.Combine(folder, name), StoredTensor.ToFile(shard));
            foreach (var tensor in shard)
                map[tensor.Name] = name;
        }
        var size = tensors.Sum(tensor => (long)tensor.Data.Length);
        var index = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = size }, ["weight_map"] = map };
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), index.ToJsonString());
    }

    /// <summary>The `config.json` of a configuration; end-of-sequence tokens go to <see cref="GenerationJson"/>.</summary>
    public static JsonObject ToJson(ModelConfig config)
    {
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(config.Architecture),
            ["model_type"] = config.Architecture.Replace("ForCausalLM", "", StringComparison.Ordinal).ToLowerInvariant(),
            ["vocab_size"] = config.VocabularySize,
            ["hidden_size"] = config.HiddenSize,
            ["intermediate_size"] = config.IntermediateSize,
            ["num_hidden_layers"] = config.LayerCount,
            ["num_attention_heads"] = config.HeadCount,
            ["num_key_value_heads"] = config.KeyValueHeadCount,
            ["head_dim"] = config.HeadDimension,
            ["max_position_embeddings"] = config.MaxPositions,
            ["rms_norm_eps"] = (double)config.RmsNormEpsilon,
            ["rope_theta"] = config.Rope.Theta,
            ["rope_scaling"] = RopeScalingJson(config.Rope),
            ["hidden_act"] = "silu",
            ["sliding_window"] = null,
            ["tie_word_embeddings"] = config.TiedEmbeddings,
            ["torch_dtype"] = "bfloat16",
        };
        if (config.Architecture is "LlamaForCausalLM" or "Qwen3ForCausalLM")
            json["attention_bias"] = config.OutputBias;
        if (config.Architecture == "LlamaForCausalLM")
            json["mlp_bias"] = config.FeedForwardBias;
        return json;
    }

    private static JsonObject GenerationJson(ModelConfig config) => new()
    {
        ["do_sample"] = true,
        ["eos_token_id"] = config.EndOfSequenceTokens switch
        {
            [] => null,
            [var only] => only,
            var several => new JsonArray([.. several.Select(token => (JsonNode)token)]),
        },
    };

    private static JsonObject? RopeScalingJson(RopeParameters rope) => rope.Scaling switch
    {
        RopeScaling.Linear => new JsonObject { ["rope_type"] = "linear", ["factor"] = rope.Factor },
        RopeScaling.Llama3 => new JsonObject
        {
            ["rope_type"] = "llama3",
            ["factor"] = rope.Factor,
            ["low_freq_factor"] = rope.LowFrequencyFactor,
            ["high_freq_factor"] = rope.HighFrequencyFactor,
            ["original_max_position_embeddings"] = rope.OriginalMaxPositions,
        },
        RopeScaling.Yarn => new JsonObject
        {
            ["rope_type"] = "yarn",
            ["factor"] = rope.Factor,
            ["original_max_position_embeddings"] = rope.OriginalMaxPositions,
            ["beta_fast"] = rope.BetaFast,
            ["beta_slow"] = rope.BetaSlow,
            ["attention_factor"] = rope.AttentionFactor,
        },
        _ => null,
    };
}
