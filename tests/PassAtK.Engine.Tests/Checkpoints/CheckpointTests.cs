using System.Text.Json;
using System.Text.Json.Nodes;
using PassAtK.Engine.Checkpoints;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private const string FirstShard = "model-00001-of-00003.safetensors";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_model_written_in_one_file_or_in_shards_reads_back_the_same(int shards)
    {
        foreach (var config in new[] { SmallModels.Llama, SmallModels.Mistral, SmallModels.Qwen2, SmallModels.Qwen3 })
        {
            using var folder = new TemporaryFolder();
            using var written = new RandomWeights(config, DataType.BF16, 3);
            CheckpointWriter.Write(folder.Path, written, shards);
            using var read = Checkpoint.Open(folder.Path);
            ModelConfigReaderTests.AssertSame(config, read.Config);
            foreach (var shape in new ModelLayout(config).Tensors)
            {
                var expected = StoredTensor.Of(written.Get(shape.Name), shape.Dimensions);
                var actual = StoredTensor.Of(read.Get(shape.Name), shape.Dimensions);
                Assert.Equal((expected.Name, expected.Type), (actual.Name, actual.Type));
                Assert.Equal(expected.Data, actual.Data);
            }
        }
    }

    [Fact]
    public void Tensors_may_have_different_types()
    {
        DataType[] types = [DataType.F32, DataType.F16, DataType.BF16];
        var tensors = new ModelLayout(SmallModels.Llama).Tensors.Select((shape, i) =>
            StoredTensor.Of(shape.Name, types[i % 3], new float[shape.Rows * shape.Columns], shape.Dimensions));
        CheckpointWriter.Write(_folder.Path, SmallModels.Llama, [.. tensors]);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(types, new ModelLayout(SmallModels.Llama).Tensors.Take(3).Select(shape => checkpoint.Get(shape.Name).Type));
    }

    [Fact]
    public void A_wrong_shape_is_one_sentence_with_both_shapes() => Assert.Equal(
        "model.safetensors: tensor 'model.layers.1.mlp.up_proj.weight' has shape [47, 32], expected [48, 32].",
        Refusal(tensors =>
            Replace(tensors, StoredTensor.Of("model.layers.1.mlp.up_proj.weight", DataType.F16, new float[47 * 32], 47, 32))));

    [Fact]
    public void A_matrix_where_a_vector_belongs_is_refused() => Assert.Equal(
        "model.safetensors: tensor 'model.norm.weight' has shape [1, 32], expected [32].",
        Refusal(tensors => Replace(tensors, StoredTensor.Of("model.norm.weight", DataType.F16, new float[32], 1, 32))));

    [Fact]
    public void A_missing_tensor_is_named() => Assert.Equal(
        "model.safetensors: tensor 'model.layers.0.self_attn.k_proj.weight' is missing, expected one of shape [16, 32].",
        Refusal(tensors => tensors.RemoveAll(tensor => tensor.Name == "model.layers.0.self_attn.k_proj.weight")));

    [Theory]
    [InlineData("model.layers.2.mlp.up_proj.weight")]
    [InlineData("model.layers.0.self_attn.q_proj.bias")]
    [InlineData("model.layers.0.self_attn.rotary_emb.inv_freq.x")]
    [InlineData("model.embed_tokens.weight_scale")]
    public void An_extra_tensor_is_named(string name) => Assert.Equal(
        $"model.safetensors: tensor '{name}' is extra, expected none of that name in a LlamaForCausalLM of this configuration.",
        Refusal(tensors => tensors.Add(StoredTensor.Of(name, DataType.F32, new float[4], 4))));

    [Fact]
    public void A_quantized_tensor_is_named() => Assert.Equal(
        "model.safetensors: tensor 'model.norm.weight' has dtype I8, expected F32, F16 or BF16.",
        Refusal(tensors => Replace(tensors, new StoredTensor("model.norm.weight", "I8", [32], new byte[32]))));

    [Fact]
    public void Saved_rotary_frequencies_and_the_copy_of_a_tied_output_are_accepted_and_not_offered()
    {
        var tensors = Tensors(SmallModels.Qwen2);
        tensors.Add(StoredTensor.Of("model.layers.1.self_attn.rotary_emb.inv_freq", DataType.F32, new float[4], 4));
        tensors.Add(StoredTensor.Of("lm_head.weight", DataType.F32, new float[50 * 32], 50, 32));
        CheckpointWriter.Write(_folder.Path, SmallModels.Qwen2, tensors);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(
            $"{_folder.Path}: there is no tensor 'lm_head.weight' in this model.",
            Assert.Throws<InputException>(() => checkpoint.Get("lm_head.weight")).Message);
    }

    [Fact]
    public void A_folder_without_weights_is_refused()
    {
        CheckpointWriter.Write(_folder.Path, SmallModels.Llama, []);
        File.Delete(_folder.File("model.safetensors"));
        Assert.Equal($"{_folder.Path} has neither model.safetensors nor {Index}, expected one of them.", Complaint());
    }

    [Fact]
    public void A_path_that_is_no_folder_is_refused() => Assert.Equal(
        $"{_folder.File("x")} is not a folder, expected a Hugging Face model folder.",
        Assert.Throws<InputException>(() => Checkpoint.Open(_folder.File("x"))).Message);

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/tmp/model.safetensors")]
    [InlineData("sub\\\\model.safetensors")]
    [InlineData("model.bin")]
    [InlineData("")]
    public void An_index_may_not_name_files_outside_of_its_folder(string shard)
    {
        WriteShards(map => map["model.norm.weight"] = JsonNode.Parse($"\"{shard}\""));
        Assert.Equal(
            $"{Index}: field 'weight_map.model.norm.weight' is \"{shard}\", expected the name of a .safetensors file in the same folder.",
            Complaint());
    }

    [Fact]
    public void An_index_that_names_an_absent_shard_is_refused()
    {
        WriteShards(map => map["model.norm.weight"] = "model-00009-of-00003.safetensors");
        Assert.StartsWith("model-00003-of-00003.safetensors holds tensor 'model.norm.weight', but", Complaint(), StringComparison.Ordinal);
        File.Delete(_folder.File(FirstShard));
        Assert.StartsWith($"{FirstShard} is missing from ", Complaint(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_that_puts_a_tensor_in_another_shard_is_refused()
    {
        WriteShards(map => map["model.embed_tokens.weight"] = "model-00002-of-00003.safetensors");
        Assert.Equal(
            $"{FirstShard} holds tensor 'model.embed_tokens.weight', but {Index} expects it in model-00002-of-00003.safetensors.",
            Complaint());
    }

    [Fact]
    public void An_index_that_forgets_a_tensor_is_refused()
    {
        WriteShards(map => map.Remove("model.embed_tokens.weight"));
        Assert.Equal($"{FirstShard} holds tensor 'model.embed_tokens.weight', but {Index} does not mention it.", Complaint());
    }

    [Fact]
    public void An_index_that_promises_a_tensor_too_many_is_refused()
    {
        WriteShards(map => map["ghost"] = FirstShard);
        Assert.Equal($"{Index} expects tensor 'ghost' in {FirstShard}, which lacks it.", Complaint());
    }

    [Theory]
    [InlineData("{}", "field 'weight_map' is missing, expected an object of shard names by tensor name.")]
    [InlineData("{\"weight_map\": {}}", "field 'weight_map' is {}, expected at least one tensor.")]
    [InlineData("{\"weight_map\": {\"a\": 7}}", "field 'weight_map.a' is 7, expected a string.")]
    public void A_malformed_index_is_refused(string json, string complaint)
    {
        WriteShards(_ => { });
        File.WriteAllText(_folder.File(Index), json);
        Assert.Equal($"{Index}: {complaint}", Complaint());
    }

    [Fact]
    public void A_missing_tensor_of_a_sharded_model_is_said_of_the_index()
    {
        CheckpointWriter.Write(_folder.Path, SmallModels.Llama, Tensors()[..^1], shards: 3);
        Assert.Equal($"{Index}: tensor 'lm_head.weight' is missing, expected one of shape [50, 32].", Complaint());
    }

    [Fact]
    public void Many_threads_may_read_at_once()
    {
        using var written = new RandomWeights(SmallModels.Llama with { HiddenSize = 512, IntermediateSize = 512 }, DataType.F32, 1);
        CheckpointWriter.Write(_folder.Path, written, shards: 2);
        using var read = Checkpoint.Open(_folder.Path);
        Parallel.ForEach(Enumerable.Range(0, 200), i =>
        {
            var name = $"model.layers.{i % 2}.mlp.up_proj.weight";
            var (expected, actual) = (new byte[2048 * 3], new byte[2048 * 3]);
            written.Get(name).ReadRows(i, expected);
            read.Get(name).ReadRows(i, actual);
            Assert.Equal(expected, actual);
        });
    }

    [Theory]
    [InlineData("countdown-base")]
    [InlineData("countdown-rl")]
    public void The_countdown_models_load_as_an_independent_reader_sees_them(string model)
    {
        var folder = RepositoryPaths.InRepository("models", model);
        using var checkpoint = Checkpoint.Open(folder);
        Assert.Equal((22, 128, 4, 4, 32), (checkpoint.Config.VocabularySize, checkpoint.Config.HiddenSize, checkpoint.Config.LayerCount,
            checkpoint.Config.HeadCount, checkpoint.Config.HeadDimension));
        Assert.Equal([21], checkpoint.Config.EndOfSequenceTokens);

        var bytes = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        var headerLength = (int)BitConverter.ToInt64(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        foreach (var field in header.RootElement.EnumerateObject().Where(field => field.Name != "__metadata__"))
        {
            var offsets = field.Value.GetProperty("data_offsets");
            var (start, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
            var tensor = checkpoint.Get(field.Name);
            var actual = new byte[tensor.Rows * tensor.RowLength];
            tensor.ReadRows(0, actual);
            Assert.Equal(bytes[(8 + headerLength + start)..(8 + headerLength + end)], actual);
        }
    }

    private static List<StoredTensor> Tensors(ModelConfig? config = null)
    {
        using var weights = new RandomWeights(config ?? SmallModels.Llama, DataType.BF16, 11);
        return [.. new ModelLayout(weights.Config).Tensors.Select(shape => StoredTensor.Of(weights.Get(shape.Name), shape.Dimensions))];
    }

    private static void Replace(List<StoredTensor> tensors, StoredTensor other) =>
        tensors[tensors.FindIndex(t => t.Name == other.Name)] = other;

    private string Refusal(Action<List<StoredTensor>> change)
    {
        var tensors = Tensors();
        change(tensors);
        CheckpointWriter.Write(_folder.Path, SmallModels.Llama, tensors);
        return Complaint();
    }

    private string Complaint() => Assert.Throws<InputException>(() => Checkpoint.Open(_folder.Path)).Message;

    private void WriteShards(Action<JsonObject> change)
    {
        CheckpointWriter.Write(_folder.Path, SmallModels.Llama, Tensors(), shards: 3);
        var index = JsonNode.Parse(File.ReadAllText(_folder.File(Index)))!.AsObject();
        change(index["weight_map"]!.AsObject());
        File.WriteAllText(_folder.File(Index), index.ToJsonString());
    }
}
