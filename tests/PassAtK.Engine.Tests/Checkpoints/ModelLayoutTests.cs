using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class ModelLayoutTests
{
    [Fact]
    public void A_Llama_layer_has_its_nine_weights_in_the_order_of_a_forward_pass()
    {
        var layout = new ModelLayout(SmallModels.Llama with { LayerCount = 1 });
        string[] expected =
        [
            "model.embed_tokens.weight [50, 32]",
            "model.layers.0.input_layernorm.weight [32]",
            "model.layers.0.self_attn.q_proj.weight [32, 32]",
            "model.layers.0.self_attn.k_proj.weight [16, 32]",
            "model.layers.0.self_attn.v_proj.weight [16, 32]",
            "model.layers.0.self_attn.o_proj.weight [32, 32]",
            "model.layers.0.post_attention_layernorm.weight [32]",
            "model.layers.0.mlp.gate_proj.weight [48, 32]",
            "model.layers.0.mlp.up_proj.weight [48, 32]",
            "model.layers.0.mlp.down_proj.weight [32, 48]",
            "model.norm.weight [32]",
            "lm_head.weight [50, 32]",
        ];
        Assert.Equal(expected, layout.Tensors.Select(Show));
    }

    [Fact]
    public void Qwen2_adds_three_biases_and_ties_the_output()
    {
        var plain = new ModelLayout(SmallModels.Llama with { LayerCount = 1 });
        var qwen2 = new ModelLayout(SmallModels.Qwen2 with { LayerCount = 1 });
        Assert.Equal(
            [
                "model.layers.0.self_attn.q_proj.bias [32]",
                "model.layers.0.self_attn.k_proj.bias [16]",
                "model.layers.0.self_attn.v_proj.bias [16]",
            ],
            qwen2.Tensors.Select(Show).Except(plain.Tensors.Select(Show)));
        Assert.Equal(["lm_head.weight [50, 32]"], plain.Tensors.Select(Show).Except(qwen2.Tensors.Select(Show)));
    }

    [Fact]
    public void Qwen3_adds_head_norms_and_may_have_wider_heads_than_the_model()
    {
        var layout = new ModelLayout(SmallModels.Qwen3);
        Assert.Equal([16], layout.Find("model.layers.1.self_attn.q_norm.weight")!.Dimensions);
        Assert.Equal([16], layout.Find("model.layers.1.self_attn.k_norm.weight")!.Dimensions);
        Assert.Equal([64, 32], layout.Find("model.layers.1.self_attn.q_proj.weight")!.Dimensions);
        Assert.Equal([32, 64], layout.Find("model.layers.1.self_attn.o_proj.weight")!.Dimensions);
    }

    [Fact]
    public void Biases_follow_the_configuration()
    {
        var layout = new ModelLayout(SmallModels.Llama with { QueryKeyValueBias = true, OutputBias = true, FeedForwardBias = true });
        string[] projections =
        [
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
            "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
        ];
        foreach (var projection in projections)
        {
            var weight = layout.Find($"model.layers.0.{projection}.weight")!;
            var bias = layout.Find($"model.layers.0.{projection}.bias")!;
            Assert.Equal([weight.Dimensions[0]], bias.Dimensions);
            Assert.Equal((1, weight.Rows), (bias.Rows, bias.Columns));
        }
        Assert.Null(layout.Find("model.layers.2.mlp.up_proj.weight"));
    }

    private static string Show(TensorShape tensor) => $"{tensor.Name} [{string.Join(", ", tensor.Dimensions)}]";
}
