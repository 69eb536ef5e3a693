using PassAtK.Engine.Checkpoints;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class RopeParametersReaderTests : IDisposable
{
    private const string Llama3 =
        "\"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 64";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"rope_theta\": 5000")]
    [InlineData("\"rope_theta\": 5000, \"rope_scaling\": null")]
    [InlineData("\"rope_theta\": 5000, \"rope_scaling\": {}")]
    [InlineData("\"rope_theta\": 5000, \"rope_scaling\": {\"type\": \"default\"}")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 5000}")]
    [InlineData("\"rope_theta\": 5000.0, \"rope_parameters\": {\"rope_theta\": 5000, \"partial_rotary_factor\": 1.0}")]
    public void Plain_rotation_has_its_base_in_either_place(string fields) =>
        Assert.Equal(new RopeParameters { Theta = 5000 }, Read(fields).Rope);

    [Fact]
    public void The_base_is_10000_where_nothing_states_it() =>
        Assert.Equal(new RopeParameters { Theta = 10_000 }, Read("\"rope_parameters\": {\"rope_type\": \"default\"}").Rope);

    [Theory]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.5}")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"rope_type\": \"linear\", \"factor\": 2.5}")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.5, \"rope_theta\": 10000.0}")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.5}, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.5}")]
    public void Linear_scaling_reads_under_old_and_new_keys(string fields) =>
        Assert.Equal(new RopeParameters { Theta = 10_000, Scaling = RopeScaling.Linear, Factor = 2.5 }, Read(fields).Rope);

    [Theory]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"llama3\", " + Llama3 + "}")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"llama3\", \"rope_theta\": 10000, " + Llama3 + "}")]
    public void Llama3_scaling_reads_all_four_numbers(string fields)
    {
        var expected = new RopeParameters
        {
            Theta = 10_000,
            Scaling = RopeScaling.Llama3,
            Factor = 8,
            LowFrequencyFactor = 1,
            HighFrequencyFactor = 4,
            OriginalMaxPositions = 64,
        };
        var config = Read(fields);
        Assert.Equal(expected, config.Rope);
        Assert.Equal(128, config.MaxPositions);
    }

    [Fact]
    public void Yarn_added_to_a_short_model_lengthens_its_reach()
    {
        var config = Read("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0, \"original_max_position_embeddings\": 128}");
        Assert.Equal(
            new RopeParameters { Theta = 10_000, Scaling = RopeScaling.Yarn, Factor = 4, OriginalMaxPositions = 128 }, config.Rope);
        Assert.Equal(512, config.MaxPositions);
    }

    [Fact]
    public void Yarn_takes_the_original_length_from_the_model_where_none_is_stated() =>
        Assert.Equal(128, Read("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2, \"finetuned\": true}").Rope.OriginalMaxPositions);

    [Fact]
    public void Yarn_takes_the_factor_from_the_lengths_where_none_is_stated()
    {
        var config = Read("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": null, \"original_max_position_embeddings\": 32}");
        Assert.Equal(4, config.Rope.Factor);
        Assert.Equal(128, config.MaxPositions);
    }

    [Theory]
    [InlineData("\"attention_factor\": 1.5", 1.5)]
    [InlineData("\"attention_factor\": 1.5, \"mscale\": 3, \"mscale_all_dim\": 2", 1.5)]
    [InlineData("\"mscale\": 1.0, \"mscale_all_dim\": 1.0", 1.0)]
    [InlineData("\"mscale\": 0.707, \"mscale_all_dim\": 1.0", 0.9643269)]
    [InlineData("\"mscale\": 0.707", null)]
    [InlineData("\"mscale\": 0.707, \"mscale_all_dim\": 0", null)]
    [InlineData("\"beta_fast\": null, \"beta_slow\": null", null)]
    public void Yarn_folds_the_mscale_pair_into_the_attention_factor(string fields, double? expected)
    {
        // (0.0707 ln 4 + 1) / (0.1 ln 4 + 1) = 1.0980110 / 1.1386294.
        var rope = Read($"\"rope_scaling\": {{\"rope_type\": \"yarn\", \"factor\": 4, {fields}}}").Rope;
        Assert.Equal(32, rope.BetaFast);
        Assert.Equal(1, rope.BetaSlow);
        Assert.Equal(expected is null, rope.AttentionFactor is null);
        Assert.Equal(expected ?? 0, rope.AttentionFactor ?? 0, 1e-6);
    }

    [Theory]
    [InlineData("\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2}",
        "field 'rope_scaling.type' is \"dynamic\", expected \"default\", \"linear\", \"llama3\" or \"yarn\".")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"longrope\"}",
        "field 'rope_parameters.rope_type' is \"longrope\", expected \"default\", \"linear\", \"llama3\" or \"yarn\".")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"rope_type\": \"yarn\", \"factor\": 2}",
        "field 'rope_scaling.type' is \"linear\", expected the same as field 'rope_type', \"yarn\".")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\"}", "field 'rope_scaling.factor' is missing, expected a number from 1 to 10000.")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 0.5}",
        "field 'rope_scaling.factor' is 0.5, expected a number from 1 to 10000.")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2, \"truncate\": false}",
        "field 'rope_scaling.truncate' is false, expected no such field for the rope type \"linear\".")]
    [InlineData("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2, \"truncate\": false}",
        "field 'rope_scaling.truncate' is false, expected true.")]
    [InlineData("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2, \"attn_factor\": 1.0}",
        "field 'rope_scaling.attn_factor' is 1.0, expected no such field for the rope type \"yarn\".")]
    [InlineData("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2, \"beta_fast\": 1, \"beta_slow\": 2}",
        "field 'rope_scaling.beta_fast' is 1, expected more than beta_slow, which is 2.")]
    [InlineData("\"rope_scaling\": {\"type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 1}",
        "field 'rope_scaling.high_freq_factor' is 1, expected more than low_freq_factor, which is 4.")]
    [InlineData("\"rope_scaling\": {\"type\": \"llama3\", \"factor\": 8}",
        "field 'rope_scaling.low_freq_factor' is missing, expected a number from 0.001 to 1000.")]
    [InlineData("\"rope_scaling\": \"linear\"", "field 'rope_scaling' is \"linear\", expected an object.")]
    [InlineData("\"rope_theta\": 1e4, \"rope_parameters\": {\"rope_theta\": 1e6}",
        "field 'rope_theta' is 1e4, expected the same as inside of the rope object, 1000000.")]
    [InlineData("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 4}",
        "field 'rope_scaling' is {\"type\": \"linear\", \"factor\": 2}, "
        + "expected the same as field 'rope_parameters' says, or only one of the two.")]
    [InlineData("\"rope_parameters\": {\"partial_rotary_factor\": 0.25}",
        "field 'rope_parameters.partial_rotary_factor' is 0.25, expected 1 (rotation of the whole head).")]
    [InlineData("\"rope_parameters\": {\"full_attention\": {\"rope_type\": \"default\"}}",
        "field 'rope_parameters.full_attention' is {\"rope_type\": \"default\"}, expected no such field for the rope type \"default\".")]
    public void What_is_not_implemented_or_contradicts_itself_is_refused(string fields, string complaint) =>
        Assert.Equal($"config.json: {complaint}", Assert.Throws<InputException>(() => Read(fields)).Message);

    private ModelConfig Read(string fields)
    {
        var json = CheckpointWriter.ToJson(SmallModels.Llama);
        json.Remove("rope_theta");
        json.Remove("rope_scaling");
        File.WriteAllText(_folder.File("config.json"), $"{json.ToJsonString()[..^1]},{fields}}}");
        return ModelConfigReader.Read(_folder.Path);
    }
}
