using System.Runtime.Intrinsics;
using PassAtK.Engine.Cpu;

namespace PassAtK.Engine.Tests.Cpu;

public class ExpKernelsTests
{
    [Fact]
    public void Exp_is_within_one_and_a_half_units_in_the_last_place()
    {
        var worst = 0.0;
        for (var x = -87.3f; x <= 88.3f; x += 0.00037f)
        {
            var exact = Math.Exp(x);
            var unit = MathF.BitIncrement((float)exact) - (double)(float)exact;
            worst = Math.Max(worst, Math.Abs(Exp512(x) - exact) / unit);
        }
        Assert.InRange(worst, 0.49, 1.5);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-87.31f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(88.31f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Ends_and_exceptions_are_as_stated(float x, float expected) => Assert.Equal(expected, Exp512(x));

    [Fact]
    public void All_widths_give_the_same_bits()
    {
        for (var x = -90f; x <= 90f; x += 0.0117f)
        {
            Assert.Equal(Exp512(x), ExpKernels<Simd256, Vector256<float>>.Exp(Vector256.Create(x))[7]);
            Assert.Equal(Exp512(x), ExpKernels<Simd128, Vector128<float>>.Exp(Vector128.Create(x))[3]);
        }
    }

    private static float Exp512(float x) => ExpKernels<Simd512, Vector512<float>>.Exp(Vector512.Create(x))[5];
}
