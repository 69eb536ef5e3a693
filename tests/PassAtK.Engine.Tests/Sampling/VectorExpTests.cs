using System.Runtime.Intrinsics;
using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

public sealed class VectorExpTests
{
    [Fact]
    public void The_error_stays_below_one_unit_in_the_last_place()
    {
        var worst = 0.0;
        // A stride that is prime visits every exponent and all kinds of mantissas.
        foreach (var sign in new[] { 0u, 0x80000000u })
        {
            for (var bits = 0u; bits < BitConverter.SingleToUInt32Bits(88.3f); bits += 2003)
            {
                var x = BitConverter.UInt32BitsToSingle(bits | sign);
                if (x >= -87.3f)
                    worst = Math.Max(worst, ErrorInUlps(Math.Exp(x), Exp(x)));
            }
        }
        Assert.InRange(worst, 0.5, 1);
    }

    [Theory]
    [InlineData(1 / 0.6)]
    [InlineData(1e4)]
    [InlineData(0.02)]
    [InlineData(1e-30)]
    [InlineData(1e30)]
    public void A_factor_adds_no_error(double factor)
    {
        var scale = ExpScale.For(factor);
        var worst = 0.0;
        for (var i = 0; i < 50_000; i++)
        {
            var x = (float)(-87 * (i / 50_000.0) / factor);
            worst = Math.Max(worst, ErrorInUlps(Math.Exp(factor * x), VectorExp.ExpOfNonPositive(Vector128.Create(x), scale)[0]));
        }
        Assert.InRange(worst, 0, 1);
    }

    [Fact]
    public void Special_inputs_give_what_they_should()
    {
        Assert.Equal(1, Exp(0f));
        Assert.Equal(1, Exp(-0f));
        Assert.Equal(0, Exp(-88f));
        Assert.Equal(0, Exp(float.MinValue));
        Assert.Equal(0, Exp(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, Exp(88.73f));
        Assert.Equal(float.PositiveInfinity, Exp(float.PositiveInfinity));
        Assert.Equal(float.NaN, Exp(float.NaN));
        Assert.Equal(0, VectorExp.ExpOfNonPositive(Vector128.Create(float.NegativeInfinity), ExpScale.For(1e-30))[0]);
    }

    [Fact]
    public void All_widths_agree_in_every_bit()
    {
        var random = new Random(1);
        var scale = ExpScale.For(1 / 0.6);
        var x = new float[16];
        for (var round = 0; round < 20_000; round++)
        {
            for (var i = 0; i < 16; i++)
                x[i] = (float)((random.NextDouble() * 200) - 110);
            var wide = VectorExp.Exp(Vector512.Create<float>(x));
            var scaled = VectorExp.ExpOfNonPositive(-Vector512.Abs(Vector512.Create<float>(x)), scale);
            for (var i = 0; i < 16; i += 8)
            {
                var middle = Vector256.Create<float>(x.AsSpan(i));
                Assert.Equal(i == 0 ? wide.GetLower() : wide.GetUpper(), VectorExp.Exp(middle));
                Assert.Equal(i == 0 ? scaled.GetLower() : scaled.GetUpper(), VectorExp.ExpOfNonPositive(-Vector256.Abs(middle), scale));
                Assert.Equal(VectorExp.Exp(middle).GetUpper(), VectorExp.Exp(Vector128.Create<float>(x.AsSpan(i + 4))));
                Assert.Equal(
                    VectorExp.ExpOfNonPositive(-Vector256.Abs(middle), scale).GetLower(),
                    VectorExp.ExpOfNonPositive(-Vector128.Abs(Vector128.Create<float>(x.AsSpan(i))), scale));
            }
        }
    }

    private static float Exp(float x) => VectorExp.Exp(Vector128.Create(x))[0];

    private static double ErrorInUlps(double exact, float actual)
    {
        if (exact < 1.2e-38)
            return 0;
        var rounded = (float)exact;
        return Math.Abs(exact - actual) / (MathF.BitIncrement(rounded) - rounded);
    }
}
