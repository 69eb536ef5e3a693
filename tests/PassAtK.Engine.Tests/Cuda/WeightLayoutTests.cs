using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Tests.Checkpoints;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cuda;

public class WeightLayoutTests
{
    [Fact]
    public void Every_tensor_of_every_model_has_one_place_and_no_two_overlap()
    {
        foreach (var config in new[] { SmallModels.Llama, SmallModels.Qwen2, SmallModels.Qwen3, TinyModel.SmallConfig, AllBiases })
        {
            var layout = new WeightLayout(new DeviceShape(config));
            Assert.Equal(
                new ModelLayout(config).Tensors.Select(tensor => tensor.Name).Order(), layout.Places.Select(place => place.Tensor).Order());
            var end = 0L;
            foreach (var place in layout.Places.OrderBy(place => place.Offset))
            {
                Assert.True(place.Offset >= end, place.Tensor);
                end = place.Offset + ((long)place.Rows * place.RowBytes);
                if (!place.IsVector)
                    Assert.Equal(0, place.RowBytes % 16);
            }
            Assert.True(end <= layout.Size);
        }
    }

    [Fact]
    public void Projections_that_share_an_input_are_one_matrix()
    {
        var shape = new DeviceShape(TinyModel.SmallConfig);
        var layout = new WeightLayout(shape);
        var place = layout.Layers[1];
        var rows = shape.Hidden * 2;
        Assert.Equal(320, place.QueryKeyValue.Outputs);
        Assert.Equal(place.QueryKeyValue.Weight + (192 * rows), Offset("model.layers.1.self_attn.k_proj.weight"));
        Assert.Equal(place.QueryKeyValue.Weight + (256 * rows), Offset("model.layers.1.self_attn.v_proj.weight"));
        Assert.Equal(192, place.GateUp.Outputs);
        Assert.Equal(place.GateUp.Weight + (96 * rows), Offset("model.layers.1.mlp.up_proj.weight"));
        Assert.Equal(-1, place.QueryKeyValue.Bias);
        Assert.Equal(-1, place.QueryNorm);

        long Offset(string tensor) => layout.Places.Single(candidate => candidate.Tensor == tensor).Offset;
    }

    [Fact]
    public void Tied_embeddings_are_there_once()
    {
        var tied = new WeightLayout(new DeviceShape(TinyModel.SmallConfig with { TiedEmbeddings = true }));
        Assert.Equal(tied.Embedding, tied.Output.Weight);
        var untied = new WeightLayout(new DeviceShape(TinyModel.SmallConfig));
        Assert.Equal(136 * 72 * 2 / 256 * 256 + 256, untied.Size - tied.Size);
    }

    [Fact]
    public void Matrices_of_F32_or_of_two_types_are_refused_by_name()
    {
        using var single = new TinyModel(TinyModel.SmallConfig, DataType.F32);
        Assert.Equal(
            "tensor 'model.embed_tokens.weight' is F32, expected BF16 or F16, the types of matrices that run on CUDA.", Refusal(single));
        using var mixed = new MixedModel(DataType.F16, "model.layers.1.mlp.down_proj.weight");
        Assert.Equal(
            "tensor 'model.layers.1.mlp.down_proj.weight' is F16, expected BF16 as 'model.embed_tokens.weight': on CUDA all matrices have one type.",
            Refusal(mixed));
        using var norms = new MixedModel(DataType.F32, "model.layers.1.input_layernorm.weight");
        Assert.Equal(DataType.BF16, WeightElements.TypeOf(norms, new WeightLayout(new DeviceShape(norms.Config))));

        static string Refusal(IWeightSource source) => Assert.Throws<InputException>(
            () => WeightElements.TypeOf(source, new WeightLayout(new DeviceShape(source.Config)))).Message;
    }

    [Fact]
    public void Shapes_that_the_kernels_do_not_compute_are_refused_by_name()
    {
        Assert.Equal(
            "head dimension is 20, expected a multiple of 16 up to 128 on CUDA: run this model on the CPU.",
            Refusal(TinyModel.SmallConfig with { HeadDimension = 20 }));
        Assert.Contains("head dimension is 144", Refusal(TinyModel.SmallConfig with { HeadDimension = 144 }), StringComparison.Ordinal);
        Assert.Contains("vocabulary size is 300000", Refusal(TinyModel.SmallConfig with { VocabularySize = 300_000 }), StringComparison.Ordinal);
        Assert.Contains(
            "query heads per key/value head is 65", Refusal(TinyModel.SmallConfig with { HeadCount = 65, KeyValueHeadCount = 1 }), StringComparison.Ordinal);

        static string Refusal(ModelConfig config) => Assert.Throws<InputException>(new DeviceShape(config).Validate).Message;
    }

    private static ModelConfig AllBiases { get; } =
        TinyModel.SmallConfig with { QueryKeyValueBias = true, OutputBias = true, FeedForwardBias = true };

    /// <summary>BF16, but for one tensor.</summary>
    private sealed class MixedModel(DataType other, string name) : IWeightSource
    {
        private readonly TinyModel _most = new(TinyModel.SmallConfig, DataType.BF16);
        private readonly TinyModel _other = new(TinyModel.SmallConfig, other);

        public ModelConfig Config => _most.Config;

        public WeightTensor Get(string tensor) => (tensor == name ? _other : _most).Get(tensor);

        public void Dispose()
        {
        }
    }
}
