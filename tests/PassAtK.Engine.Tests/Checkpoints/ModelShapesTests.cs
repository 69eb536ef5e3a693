using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class ModelShapesTests
{
    /// <summary>The totals that Hugging Face shows for the published safetensors files of these models.</summary>
    [Theory]
    [InlineData("smollm2-135m", 134_515_008)]
    [InlineData("smollm2-360m", 361_821_120)]
    [InlineData("qwen2.5-0.5b", 494_032_768)]
    [InlineData("llama-3.2-1b", 1_235_814_400)]
    [InlineData("qwen2.5-1.5b", 1_543_714_304)]
    [InlineData("qwen2.5-7b", 7_615_616_512)]
    [InlineData("llama-3.1-8b", 8_030_261_248)]
    [InlineData("qwen3-8b", 8_190_735_360)]
    [InlineData("qwen2.5-32b", 32_763_876_352)]
    public void A_shape_has_the_published_number_of_parameters(string name, long parameters) =>
        Assert.Equal(parameters, new ModelLayout(ModelShapes.Get(name)).ParameterCount);

    [Fact]
    public void Every_shape_is_a_configuration_that_the_reader_accepts()
    {
        foreach (var name in ModelShapes.Names)
        {
            using var folder = new PassAtK.Tests.TemporaryFolder();
            CheckpointWriter.Write(folder.Path, ModelShapes.Get(name), []);
            ModelConfigReaderTests.AssertSame(ModelShapes.Get(name), ModelConfigReader.Read(folder.Path));
        }
    }

    [Fact]
    public void A_name_may_be_in_capitals() => Assert.Same(ModelShapes.Get("qwen2.5-7b"), ModelShapes.Get("Qwen2.5-7B"));

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones() => Assert.Equal(
        "model shape 'gpt-5' is unknown, expected one of llama-3.1-8b, llama-3.2-1b, qwen2.5-0.5b, qwen2.5-1.5b, qwen2.5-32b, qwen2.5-7b, "
        + "qwen3-8b, smollm2-135m, smollm2-360m.",
        Assert.Throws<InputException>(() => ModelShapes.Get("gpt-5")).Message);
}
