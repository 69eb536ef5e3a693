using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

public sealed class SamplingParametersTests
{
    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e-31f)]
    [InlineData(1e31f)]
    public void A_temperature_out_of_range_is_refused_by_name(float value) =>
        Refused(new SamplingParameters { Temperature = value }, "temperature is ", value);

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.5f)]
    [InlineData(1.0000001f)]
    [InlineData(float.NaN)]
    public void A_top_p_out_of_range_is_refused_by_name(float value) =>
        Refused(new SamplingParameters { TopP = value }, "top-p is ", value);

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void A_min_p_out_of_range_is_refused_by_name(float value) =>
        Refused(new SamplingParameters { MinP = value }, "min-p is ", value);

    [Fact]
    public void A_negative_top_k_is_refused_by_name() => Refused(new SamplingParameters { TopK = -1 }, "top-k is ", -1);

    [Theory]
    [InlineData(0f, 1f, 0, 0f)]
    [InlineData(0.6f, 0.95f, 0, 0f)]
    [InlineData(1e-30f, 1e-30f, int.MaxValue, 1f)]
    [InlineData(1e30f, 1f, 1, 1e-30f)]
    public void Values_within_range_pass(float temperature, float topP, int topK, float minP) =>
        new SamplingParameters { Temperature = temperature, TopP = topP, TopK = topK, MinP = minP }.Validate();

    private static void Refused(SamplingParameters parameters, string name, IFormattable value)
    {
        var error = Assert.Throws<InputException>(parameters.Validate);
        Assert.StartsWith($"{name}{value}, expected ", error.Message);
    }
}
