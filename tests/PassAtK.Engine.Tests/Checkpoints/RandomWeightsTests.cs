using System.Runtime.InteropServices;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Tests.Checkpoints;

public sealed class RandomWeightsTests
{
    private const string Up = "model.layers.1.mlp.up_proj.weight";

    // 5,000 columns: more than a chunk, and no multiple of a vector.
    private static readonly ModelConfig Wide = SmallModels.Llama with { HiddenSize = 5001 };

    [Fact]
    public void An_element_is_the_documented_function_of_seed_name_row_and_column()
    {
        // From an implementation of the formula in another language: seed 42, rows 0 and 3, columns 0, 1 and 5000.
        var values = Read<float>(new RandomWeights(Wide, DataType.F32, 42).Get(Up), 0, 4);
        float[] expected = [0.0193044543f, -0.0170454644f, -0.00334819057f, -0.0301397275f, 0.0273360703f, -0.0297883675f];
        float[] actual = [values[0], values[1], values[5000], values[15003], values[15004], values[20003]];
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(DataType.F32)]
    [InlineData(DataType.F16)]
    [InlineData(DataType.BF16)]
    public void Rows_do_not_depend_on_how_they_are_read(DataType type)
    {
        var tensor = new RandomWeights(Wide, type, 1).Get(Up);
        var whole = Read<byte>(tensor, 0, tensor.Rows);
        var again = new RandomWeights(Wide, type, 1).Get(Up);
        for (var row = tensor.Rows - 1; row >= 0; row--)
            Assert.Equal(whole[(row * tensor.RowLength)..((row + 1) * tensor.RowLength)], Read<byte>(again, row, 1));
    }

    [Fact]
    public void Seeds_names_and_rows_all_matter()
    {
        using var weights = new RandomWeights(SmallModels.Llama, DataType.F32, 1);
        using var others = new RandomWeights(SmallModels.Llama, DataType.F32, 2);
        var row = Read<float>(weights.Get(Up), 0, 1);
        Assert.NotEqual(row, Read<float>(weights.Get(Up), 1, 1));
        Assert.NotEqual(row, Read<float>(weights.Get("model.layers.0.mlp.up_proj.weight"), 0, 1));
        Assert.NotEqual(row, Read<float>(others.Get(Up), 0, 1));
    }

    [Fact]
    public void Half_precision_is_the_same_values_rounded_to_nearest()
    {
        foreach (var name in new[] { Up, "model.norm.weight" })
        {
            var exact = Read<float>(new RandomWeights(Wide, DataType.F32, 3).Get(name), 0, 1);
            var half = Read<Half>(new RandomWeights(Wide, DataType.F16, 3).Get(name), 0, 1);
            Assert.Equal(exact.Select(value => (Half)value), half);

            var brain = Read<ushort>(new RandomWeights(Wide, DataType.BF16, 3).Get(name), 0, 1);
            foreach (var (value, bits) in exact.Zip(brain))
            {
                var error = Math.Abs(Widen(bits) - value);
                Assert.True(error <= Math.Abs(Widen((ushort)(bits + 1)) - value) && error <= Math.Abs(Widen((ushort)(bits - 1)) - value));
            }
        }

        static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
    }

    [Fact]
    public void Weights_are_uniform_around_zero_with_deviation_a_fiftieth()
    {
        var config = SmallModels.Llama with { HiddenSize = 1024, IntermediateSize = 1024 };
        var tensor = new RandomWeights(config, DataType.F32, 5).Get(Up);
        var values = Read<float>(tensor, 0, 1024);
        Assert.Equal(0, values.Average(value => (double)value), 1e-4);
        Assert.Equal(0.02, Math.Sqrt(values.Average(value => (double)value * value)), 1e-4);
        Assert.InRange(values.Max(value => Math.Abs(value)), 0.0346f, 0.03465f);

        // A chi-squared statistic over 64 equal bins has mean 63 and deviation 11.
        var counts = values.CountBy(value => (int)Math.Floor(((value / 0.0346411) + 1) * 32)).ToDictionary();
        Assert.Equal(64, counts.Count);
        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - 16384, 2) / 16384), 10, 130);
    }

    [Fact]
    public void Rows_and_columns_are_uncorrelated()
    {
        var config = SmallModels.Llama with { HiddenSize = 4096, IntermediateSize = 64 };
        var values = Read<float>(new RandomWeights(config, DataType.F32, 6).Get(Up), 0, 64);
        // Each correlation of 4,096 pairs has deviation 1/64; six deviations leave no room for chance among some 2,000 of them.
        for (var row = 0; row < 64; row++)
        {
            var current = values.AsSpan(row * 4096, 4096);
            for (var other = row + 1; other < 64; other++)
                Assert.InRange(Correlation(current, values.AsSpan(other * 4096, 4096)), -6 / 64.0, 6 / 64.0);
            Assert.InRange(Correlation(current[1..], current[..^1]), -6 / 64.0, 6 / 64.0);
        }
    }

    [Fact]
    public void Norm_weights_are_about_one_and_biases_about_zero()
    {
        using var weights = new RandomWeights(ModelShapes.Get("qwen2.5-0.5b") with { QueryKeyNorm = true }, DataType.F32, 7);
        string[] norms = ["model.norm.weight", "model.layers.3.input_layernorm.weight", "model.layers.3.self_attn.q_norm.weight"];
        foreach (var name in norms)
            Assert.All(Read<float>(weights.Get(name), 0, 1), value => Assert.InRange(value, 0.9f, 1.1f));
        Assert.All(Read<float>(weights.Get("model.layers.3.self_attn.q_proj.bias"), 0, 1), value => Assert.InRange(value, -0.035f, 0.035f));
    }

    [Fact]
    public void An_unknown_tensor_is_refused()
    {
        using var weights = new RandomWeights(SmallModels.Qwen2, DataType.BF16, 0);
        Assert.Equal(
            "random weights: there is no tensor 'lm_head.weight' in a Qwen2ForCausalLM of this shape.",
            Assert.Throws<InputException>(() => weights.Get("lm_head.weight")).Message);
    }

    private static double Correlation(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double product = 0, leftSquares = 0, rightSquares = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += (double)left[i] * right[i];
            leftSquares += (double)left[i] * left[i];
            rightSquares += (double)right[i] * right[i];
        }
        return product / Math.Sqrt(leftSquares * rightSquares);
    }

    private static T[] Read<T>(WeightTensor tensor, int first, int count)
        where T : unmanaged
    {
        var bytes = new byte[count * tensor.RowLength];
        tensor.ReadRows(first, bytes);
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }
}
