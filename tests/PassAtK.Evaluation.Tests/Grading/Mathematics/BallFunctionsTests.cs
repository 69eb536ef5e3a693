using System.Globalization;
using System.Numerics;
using CsCheck;
using PassAtK.Evaluation.Grading.Mathematics;

namespace PassAtK.Evaluation.Tests.Grading.Mathematics;

/// <summary>The stated bounds of numeric evaluation: identities hold within the radii, and the radii are small.</summary>
public sealed class BallFunctionsTests
{
    private static Gen<Rational> Values { get; } = Gen.Select(
        Gen.Int[-4000, 4000], Gen.Int[1, 999], (above, below) => new Rational(above, below));

    [Theory]
    [InlineData("3.14159265358979323846264338327950288419716939937510582097494459")]
    public void Pi_has_its_published_digits(string digits) => AssertNear(BallFunctions.Pi, digits);

    [Theory]
    [InlineData(1, "2.71828182845904523536028747135266249775724709369995957496696763")]
    [InlineData(-1, "0.36787944117144232159552377016146086744581113103176783450783680")]
    [InlineData(10, "22026.4657948067165169579006452842443663535126185567810742354263")]
    public void The_exponential_has_its_published_digits(int x, string digits) => AssertNear(BallFunctions.Exp(Ball.Of(x)), digits);

    [Theory]
    [InlineData(2, "0.69314718055994530941723212145817656807550013436025525412068000")]
    [InlineData(10, "2.30258509299404568401799145468436420760110148862877297603332790")]
    public void The_logarithm_has_its_published_digits(int x, string digits) => AssertNear(BallFunctions.Ln(Ball.Of(x)), digits);

    [Fact]
    public void The_sine_of_one_has_its_published_digits() =>
        AssertNear(BallFunctions.SinCos(Ball.One).Sin, "0.84147098480789650665250232163029899962256306079837106567275170");

    [Fact]
    public void Identities_hold_within_the_stated_error() => Values.Sample(x =>
    {
        var ball = Ball.Of(x);
        var (sin, cos) = BallFunctions.SinCos(ball);
        var square = (sin * sin) + (cos * cos) - Ball.One;
        var positive = Ball.Of(x.Abs() + new Rational(1, 1000));
        var root = BallFunctions.Sqrt(positive);
        var tangent = BallFunctions.Atan(ball);
        var (tangentSin, tangentCos) = BallFunctions.SinCos(tangent);
        return IsZero(square)
            && IsZero((root * root) - positive)
            && IsZero(BallFunctions.Exp(BallFunctions.Ln(positive)) - positive)
            && IsZero((tangentSin / tangentCos) - ball);
    });

    [Fact]
    public void Arithmetic_encloses_the_exact_result() => Gen.Select(Values, Values).Where((_, y) => !y.IsZero).Sample((x, y) =>
        Encloses(Ball.Of(x) + Ball.Of(y), x + y) && Encloses(Ball.Of(x) * Ball.Of(y), x * y) && Encloses(Ball.Of(x) / Ball.Of(y), x / y));

    [Fact]
    public void The_integer_root_is_the_largest_whose_square_fits() => Gen.ULong.Sample(value =>
    {
        var root = BallFunctions.IntegerRoot(value);
        return root * root <= value && (root + 1) * (root + 1) > value;
    });

    private static bool IsZero(Ball ball) => ball.ContainsZero && ball.Radius < Ball.Unit >> ScalarComparison.AgreementBits;

    private static bool Encloses(Ball ball, Rational exact)
    {
        // |middle / 2^bits - exact| <= radius / 2^bits, without rounding.
        var difference = BigInteger.Abs((ball.Middle * exact.Denominator) - (exact.Numerator << Ball.Bits));
        return difference <= ball.Radius * exact.Denominator && ball.Radius < 1 << 30;
    }

    private static void AssertNear(Ball ball, string digits)
    {
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var scale = BigInteger.Pow(10, digits.Length - point - 1);
        var published = new Rational(BigInteger.Parse(digits.Remove(point, 1), CultureInfo.InvariantCulture), scale);
        var difference = ball - Ball.Of(published);
        Assert.True(BigInteger.Abs(difference.Middle) <= difference.Radius + (Ball.Unit / scale) + 1);
        Assert.True(ball.Radius < Ball.Unit >> 150);
    }
}
