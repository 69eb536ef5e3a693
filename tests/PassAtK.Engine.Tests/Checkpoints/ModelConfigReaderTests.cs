using System.Text.Json.Nodes;
using CsCheck;
using PassAtK.Engine.Checkpoints;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class ModelConfigReaderTests : IDisposable
{
    private const string Alphabet = "0123456789-.eE{}[],:\"\\nul";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_Llama_configuration_reads_as_its_shape()
    {
        WriteConfig("""
            {
              "architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 128000,
              "eos_token_id": 128001, "head_dim": 64, "hidden_act": "silu", "hidden_size": 2048, "initializer_range": 0.02,
              "intermediate_size": 8192, "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama",
              "num_attention_heads": 32, "num_hidden_layers": 16, "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
              "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                "original_max_position_embeddings": 8192, "rope_type": "llama3"},
              "rope_theta": 500000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16", "use_cache": true, "vocab_size": 128256
            }
            """);
        AssertSame(ModelShapes.Get("llama-3.2-1b"), ModelConfigReader.Read(_folder.Path));
    }

    [Fact]
    public void A_published_Qwen2_configuration_reads_as_its_shape()
    {
        // States a sliding window that its own flag switches off.
        WriteConfig("""
            {
              "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151643,
              "hidden_act": "silu", "hidden_size": 5120, "intermediate_size": 27648, "max_position_embeddings": 131072,
              "max_window_layers": 64, "model_type": "qwen2", "num_attention_heads": 40, "num_hidden_layers": 64,
              "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": 131072,
              "tie_word_embeddings": false, "torch_dtype": "bfloat16", "use_cache": true, "use_sliding_window": false, "vocab_size": 152064
            }
            """);
        AssertSame(ModelShapes.Get("qwen2.5-32b"), ModelConfigReader.Read(_folder.Path));
    }

    [Fact]
    public void A_published_Qwen3_configuration_reads_as_its_shape_with_the_end_tokens_of_its_generation_config()
    {
        WriteConfig("""
            {
              "architectures": ["Qwen3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "bos_token_id": 151643,
              "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 12288,
              "max_position_embeddings": 40960, "max_window_layers": 36, "model_type": "qwen3", "num_attention_heads": 32,
              "num_hidden_layers": 36, "num_key_value_heads": 8, "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 1000000,
              "sliding_window": null, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 151936
            }
            """);
        File.WriteAllText(_folder.File("generation_config.json"), """{"eos_token_id": [151645, 151643], "temperature": 0.6}""");
        AssertSame(ModelShapes.Get("qwen3-8b"), ModelConfigReader.Read(_folder.Path));
    }

    [Fact]
    public void Any_configuration_written_reads_back_the_same() => SmallModels.Any.Sample(
        config =>
        {
            using var folder = new TemporaryFolder();
            CheckpointWriter.Write(folder.Path, config, []);
            AssertSame(config, ModelConfigReader.Read(folder.Path));
        },
        iter: 300,
        threads: 1);

    [Fact]
    public void Absent_fields_take_the_defaults_of_the_config_classes()
    {
        string[] optional =
        [
            "num_key_value_heads", "head_dim", "rope_theta", "rope_scaling", "hidden_act", "tie_word_embeddings", "attention_bias",
            "mlp_bias", "model_type",
        ];
        var llama = Read(SmallModels.Llama, json => Remove(json, optional));
        AssertSame(SmallModels.Llama with { KeyValueHeadCount = 4 }, llama);

        var mistral = Read(SmallModels.Mistral, json => Remove(json, optional));
        AssertSame(SmallModels.Mistral with { KeyValueHeadCount = 4, HeadDimension = 8 }, mistral);

        var qwen2 = Read(SmallModels.Qwen2, json => Remove(json, optional));
        AssertSame(SmallModels.Qwen2 with { KeyValueHeadCount = 4, TiedEmbeddings = false }, qwen2);

        var qwen3 = Read(SmallModels.Qwen3, json => Remove(json, optional));
        AssertSame(SmallModels.Qwen3 with { KeyValueHeadCount = 4, HeadDimension = 128 }, qwen3);
    }

    [Fact]
    public void A_null_field_counts_as_absent() =>
        Assert.Equal(8, Read(SmallModels.Llama, json => json["head_dim"] = null).HeadDimension);

    [Fact]
    public void Attention_bias_covers_the_output_projection_of_Llama_and_Qwen3_and_means_nothing_to_the_others()
    {
        foreach (var config in new[] { SmallModels.Llama, SmallModels.Qwen3 })
        {
            var read = Read(config, json => json["attention_bias"] = true);
            Assert.True(read.QueryKeyValueBias);
            Assert.True(read.OutputBias);
        }
        var qwen2 = Read(SmallModels.Qwen2, json => json["attention_bias"] = false);
        Assert.True(qwen2.QueryKeyValueBias);
        Assert.False(qwen2.OutputBias);
        var mistral = Read(SmallModels.Mistral, json => json["attention_bias"] = true);
        Assert.False(mistral.QueryKeyValueBias);
        Assert.False(mistral.OutputBias);
    }

    [Theory]
    [InlineData("7", "3", new[] { 3 })]
    [InlineData("[9, 7, 9]", "3", new[] { 3 })]
    [InlineData("[9, 7, 9]", "null", new[] { 7, 9 })]
    [InlineData("[9, 7, 9]", null, new[] { 7, 9 })]
    [InlineData("null", "[]", new int[0])]
    [InlineData("null", "null", new int[0])]
    [InlineData("0", "[49, 0]", new[] { 0, 49 })]
    public void End_tokens_come_from_the_generation_config_and_else_from_the_config(string config, string? generation, int[] expected)
    {
        var json = CheckpointWriter.ToJson(SmallModels.Llama);
        json["eos_token_id"] = JsonNode.Parse(config);
        WriteConfig(json.ToJsonString());
        if (generation is not null)
            File.WriteAllText(_folder.File("generation_config.json"), $$"""{"eos_token_id": {{generation}}}""");
        Assert.Equal(expected, ModelConfigReader.Read(_folder.Path).EndOfSequenceTokens);
    }

    [Theory]
    [InlineData("vocab_size", "null", "field 'vocab_size' is missing, expected an integer from 1 to 16777216.")]
    [InlineData("hidden_size", "0", "field 'hidden_size' is 0, expected an integer from 1 to 262144.")]
    [InlineData("hidden_size", "1e3", "field 'hidden_size' is 1e3, expected an integer from 1 to 262144.")]
    [InlineData("hidden_size", "\"32\"", "field 'hidden_size' is \"32\", expected an integer from 1 to 262144.")]
    [InlineData("intermediate_size", "99999999999", "field 'intermediate_size' is 99999999999, expected an integer from 1 to 1048576.")]
    [InlineData("num_hidden_layers", "-1", "field 'num_hidden_layers' is -1, expected an integer from 1 to 4096.")]
    [InlineData("num_key_value_heads", "3", "field 'num_key_value_heads' is 3, expected a divisor of num_attention_heads, which is 4.")]
    [InlineData("num_key_value_heads", "8", "field 'num_key_value_heads' is 8, expected an integer from 1 to 4.")]
    [InlineData("head_dim", "7", "field 'head_dim' is 7, expected an even number.")]
    [InlineData("rms_norm_eps", "0", "field 'rms_norm_eps' is 0, expected a number from 1E-12 to 0.1.")]
    [InlineData("rms_norm_eps", "1e999", "field 'rms_norm_eps' is 1e999, expected a number from 1E-12 to 0.1.")]
    [InlineData("rope_theta", "-5", "field 'rope_theta' is -5, expected a number from 1 to 1000000000000.")]
    [InlineData("tie_word_embeddings", "1", "field 'tie_word_embeddings' is 1, expected true or false.")]
    [InlineData("eos_token_id", "50", "field 'eos_token_id' is 50, expected an integer from 0 to 49, or an array of them.")]
    [InlineData("eos_token_id", "[1, -2]", "field 'eos_token_id' is [1, -2], expected an integer from 0 to 49, or an array of them.")]
    [InlineData("model_type", "\"gemma\"", "field 'model_type' is \"gemma\", expected \"llama\" for LlamaForCausalLM.")]
    [InlineData("hidden_act", "\"gelu\"", "field 'hidden_act' is \"gelu\", expected \"silu\".")]
    [InlineData("partial_rotary_factor", "0.5", "field 'partial_rotary_factor' is 0.5, expected 1 (rotation of the whole head).")]
    [InlineData("layer_types", "[\"full_attention\", \"sliding_attention\"]",
        "field 'layer_types' is [\"full_attention\", \"sliding_attention\"], expected only \"full_attention\".")]
    [InlineData("quantization_config", "{\"bits\": 4}",
        "field 'quantization_config' is {\"bits\": 4}, expected no such field (weights in F32, F16 or BF16).")]
    [InlineData("architectures", "[\"GPT2LMHeadModel\"]", "field 'architectures' is [\"GPT2LMHeadModel\"], expected exactly one of "
        + "LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM.")]
    [InlineData("architectures", "\"LlamaForCausalLM\"", "field 'architectures' is \"LlamaForCausalLM\", expected an array of strings.")]
    public void A_bad_field_is_refused_by_name(string field, string value, string complaint)
    {
        var text = CheckpointWriter.ToJson(SmallModels.Llama);
        text.Remove(field);
        WriteConfig($"{text.ToJsonString()[..^1]},\"{field}\": {value}}}");
        Assert.Equal($"config.json: {complaint}", Complaint());
    }

    [Fact]
    public void A_hidden_size_that_no_even_head_divides_is_refused_where_head_dim_is_absent()
    {
        Assert.Equal(
            "config.json: field 'hidden_size' is 34, expected a multiple of num_attention_heads, which is 4, where head_dim is absent.",
            Refusal(SmallModels.Llama, json => Change(json, 34)));
        Assert.Equal(
            "config.json: field 'hidden_size' is 36, expected an even multiple, up to 1024 times, of num_attention_heads, which is 4.",
            Refusal(SmallModels.Llama, json => Change(json, 36)));

        static void Change(JsonObject json, int hidden)
        {
            json.Remove("head_dim");
            json["hidden_size"] = hidden;
        }
    }

    [Theory]
    [InlineData("MistralForCausalLM", "\"sliding_window\": 64", "sliding_window")]
    [InlineData("MistralForCausalLM", "\"max_position_embeddings\": 8192", "sliding_window")]
    [InlineData("MistralForCausalLM", "\"sliding_window\": null, \"max_position_embeddings\": 8192", null)]
    [InlineData("MistralForCausalLM", "\"sliding_window\": 128", null)]
    [InlineData("MistralForCausalLM", "\"max_position_embeddings\": 4096", null)]
    [InlineData("Qwen2ForCausalLM", "\"sliding_window\": 64", null)]
    [InlineData("Qwen2ForCausalLM", "\"sliding_window\": 64, \"use_sliding_window\": true", "use_sliding_window")]
    [InlineData("Qwen3ForCausalLM", "\"sliding_window\": 64, \"use_sliding_window\": true", "use_sliding_window")]
    [InlineData("Qwen3ForCausalLM", "\"layer_types\": [\"sliding_attention\"]", "layer_types")]
    [InlineData("Qwen3ForCausalLM", "\"layer_types\": [\"full_attention\", \"full_attention\"]", null)]
    [InlineData("LlamaForCausalLM", "\"sliding_window\": 64", null)]
    public void A_sliding_window_is_refused_exactly_where_it_would_be_in_force(string architecture, string fields, string? refused)
    {
        var config = new[] { SmallModels.Llama, SmallModels.Mistral, SmallModels.Qwen2, SmallModels.Qwen3 }
            .Single(model => model.Architecture == architecture);
        var json = CheckpointWriter.ToJson(config);
        json.Remove("sliding_window");
        foreach (var (name, value) in JsonNode.Parse($"{{{fields}}}")!.AsObject())
            json[name] = value?.DeepClone();
        WriteConfig(json.ToJsonString());
        if (refused is null)
            Assert.Equal(architecture, ModelConfigReader.Read(_folder.Path).Architecture);
        else
            Assert.StartsWith($"config.json: field '{refused}' is ", Complaint(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_Mistral_leaves_the_window_out_the_complaint_says_so()
    {
        var refusal = Refusal(SmallModels.Mistral, json =>
        {
            json.Remove("sliding_window");
            json["max_position_embeddings"] = 8192;
        });
        Assert.Equal(
            "config.json: field 'sliding_window' is missing, expected null, or at least the 8192 positions of the model (full attention).",
            refusal);
    }

    [Theory]
    [InlineData("", "config.json is not valid JSON at line 1, byte 1, expected one object.")]
    [InlineData("[]", "config.json holds a JSON Array, expected an object.")]
    [InlineData("{\n\"a\" 1}", "config.json is not valid JSON at line 2, byte 5, expected one object.")]
    [InlineData("{\"a\": 1, \"a\": 2}", "config.json has the same key twice in one object, expected each once.")]
    [InlineData("{\"architectures\": [\"\\ud800\"]}", "config.json: field 'architectures' is [\"\\ud800\"], expected valid Unicode")]
    public void Malformed_JSON_is_refused_with_its_place(string text, string complaint)
    {
        WriteConfig(text);
        Assert.StartsWith(complaint, Complaint(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_text_is_refused()
    {
        File.WriteAllBytes(_folder.File("config.json"), [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        Assert.Equal("config.json is not UTF-8 text, expected JSON.", Complaint());
    }

    [Fact]
    public void A_missing_file_is_refused_with_the_folder() =>
        Assert.Equal($"config.json is missing from {_folder.Path}, expected a Hugging Face model folder.", Complaint());

    [Fact]
    public void A_malformed_generation_config_is_refused_under_its_own_name()
    {
        WriteConfig(CheckpointWriter.ToJson(SmallModels.Llama).ToJsonString());
        File.WriteAllText(_folder.File("generation_config.json"), """{"eos_token_id": "</s>"}""");
        Assert.Equal(
            "generation_config.json: field 'eos_token_id' is \"</s>\", expected an integer from 0 to 49, or an array of them.", Complaint());
    }

    [Fact]
    public void Mutated_configurations_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(5);
        var rope = new RopeParameters { Theta = 1e4, Scaling = RopeScaling.Linear };
        var valid = CheckpointWriter.ToJson(SmallModels.Qwen3 with { Rope = rope });
        var bytes = System.Text.Encoding.UTF8.GetBytes(valid.ToJsonString());
        var (read, refused) = (0, 0);
        for (var round = 0; round < 3000; round++)
        {
            var mutated = (byte[])bytes.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var value = random.Next(2) == 0 ? random.Next(256) : Alphabet[random.Next(Alphabet.Length)];
                mutated[random.Next(mutated.Length)] = (byte)value;
            }
            File.WriteAllBytes(_folder.File("config.json"), mutated);
            try
            {
                ModelConfigReader.Read(_folder.Path);
                read++;
            }
            catch (InputException)
            {
                refused++;
            }
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    internal static void AssertSame(ModelConfig expected, ModelConfig actual)
    {
        Assert.Equal(expected.EndOfSequenceTokens, actual.EndOfSequenceTokens);
        Assert.Equal(expected, actual with { EndOfSequenceTokens = expected.EndOfSequenceTokens });
    }

    private static void Remove(JsonObject json, string[] fields)
    {
        foreach (var field in fields)
            json.Remove(field);
    }

    private ModelConfig Read(ModelConfig config, Action<JsonObject> change)
    {
        CheckpointWriter.Write(_folder.Path, config, []);
        var json = CheckpointWriter.ToJson(config);
        change(json);
        WriteConfig(json.ToJsonString());
        return ModelConfigReader.Read(_folder.Path);
    }

    private string Refusal(ModelConfig config, Action<JsonObject> change) =>
        Assert.Throws<InputException>(() => Read(config, change)).Message;

    private string Complaint() => Assert.Throws<InputException>(() => ModelConfigReader.Read(_folder.Path)).Message;

    private void WriteConfig(string json) => File.WriteAllText(_folder.File("config.json"), json);
}
