using System.Globalization;
using System.Numerics;
using CsCheck;
using PassAtK.Evaluation.Grading;

namespace PassAtK.Evaluation.Tests.Grading;

public sealed class ExactNumberTests
{
    [Fact]
    public void Decimals_have_the_value_that_System_Decimal_reads() =>
        Gen.Decimal[-1_000_000_000, 1_000_000_000].Sample(value =>
        {
            var number = ExactNumber.ReadDecimal(value.ToString(CultureInfo.InvariantCulture))!.Value;
            // decimal's value is an integer over a power of ten.
            var bits = decimal.GetBits(value);
            var integer = (new BigInteger((uint)bits[2]) << 64) + (new BigInteger((uint)bits[1]) << 32) + (uint)bits[0];
            var power = BigInteger.Pow(10, (bits[3] >> 16) & 0xFF);
            return number.Numerator * power == (bits[3] < 0 ? -integer : integer) * number.Denominator
                && BigInteger.GreatestCommonDivisor(number.Numerator, number.Denominator).IsOne;
        });

    [Fact]
    public void Fractions_are_equal_exactly_when_their_cross_products_are() =>
        Gen.Select(Gen.Int[-20, 20], Gen.Int[1, 20], Gen.Int[-20, 20], Gen.Int[1, 20]).Sample((a, b, c, d) =>
            ExactNumber.AreEqual(
                MathNumber.Read(string.Create(CultureInfo.InvariantCulture, $"{a}/{b}"))!.Value,
                MathNumber.Read(string.Create(CultureInfo.InvariantCulture, $@"\frac{{{c}}}{{{d}}}"))!.Value) == (a * d == c * b));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("1,23")]
    [InlineData("1,2345")]
    [InlineData(",123")]
    [InlineData("1234,567")]
    [InlineData("1e5")]
    [InlineData(" 1")]
    [InlineData("٣")]
    [InlineData("1\0")]
    public void What_is_no_decimal_is_none(string text) => Assert.Null(ExactNumber.ReadDecimal(text));

    [Fact]
    public void Numbers_longer_than_the_limit_are_none()
    {
        Assert.NotNull(ExactNumber.ReadDecimal(new string('9', ExactNumber.MostDigits)));
        Assert.Null(ExactNumber.ReadDecimal(new string('9', ExactNumber.MostDigits + 1)));
    }
}
