using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>A complex number with bounded error in each part.</summary>
internal readonly record struct ComplexBall(Ball Real, Ball Imaginary)
{
    public bool IsReal => Imaginary.IsExactZero;

    public bool ContainsZero => Real.ContainsZero && Imaginary.ContainsZero;

    public static ComplexBall Of(Ball real) => new(real, Ball.Zero);

    public static ComplexBall operator +(ComplexBall left, ComplexBall right) =>
        new(left.Real + right.Real, left.Imaginary + right.Imaginary);

    public static ComplexBall operator -(ComplexBall left, ComplexBall right) =>
        new(left.Real - right.Real, left.Imaginary - right.Imaginary);

    public static ComplexBall operator -(ComplexBall value) => new(-value.Real, -value.Imaginary);

    public static ComplexBall operator *(ComplexBall left, ComplexBall right) =>
        left.IsReal && right.IsReal
            ? Of(left.Real * right.Real)
            : new((left.Real * right.Real) - (left.Imaginary * right.Imaginary), (left.Real * right.Imaginary) + (left.Imaginary * right.Real));

    /// <exception cref="UndefinedValueException">The divisor may be 0.</exception>
    public static ComplexBall operator /(ComplexBall left, ComplexBall right)
    {
        if (right.ContainsZero)
            throw new UndefinedValueException();
        if (right.IsReal)
            return new(left.Real / right.Real, left.IsReal ? Ball.Zero : left.Imaginary / right.Real);
        var norm = (right.Real * right.Real) + (right.Imaginary * right.Imaginary);
        if (norm.ContainsZero)
            throw new UndefinedValueException();
        var above = left * new ComplexBall(right.Real, -right.Imaginary);
        return new(above.Real / norm, above.Imaginary / norm);
    }

    public ComplexBall Power(BigInteger exponent)
    {
        var result = Of(Ball.One);
        var square = this;
        for (var left = BigInteger.Abs(exponent); !left.IsZero; left >>= 1)
        {
            if (!left.IsEven)
                result *= square;
            if (left > 1)
                square *= square;
        }
        return exponent.Sign < 0 ? Of(Ball.One) / result : result;
    }

    public Ball Magnitude() => IsReal ? MagnitudeOf(Real) : BallFunctions.Sqrt((Real * Real) + (Imaginary * Imaginary));

    /// <summary>The principal logarithm.</summary>
    public ComplexBall Ln() => IsReal && Real.IsPositive ? Of(BallFunctions.Ln(Real)) : new(BallFunctions.Ln(Magnitude()), Angle());

    public ComplexBall Exp()
    {
        var size = BallFunctions.Exp(Real);
        if (IsReal)
            return Of(size);
        var (sin, cos) = BallFunctions.SinCos(Imaginary);
        return new(size * cos, size * sin);
    }

    public ComplexBall Sin()
    {
        var (sin, cos) = BallFunctions.SinCos(Real);
        if (IsReal)
            return Of(sin);
        var (up, down) = (BallFunctions.Exp(Imaginary), BallFunctions.Exp(-Imaginary));
        var half = Ball.Of(new Rational(1, 2));
        return new(sin * (up + down) * half, cos * (up - down) * half);
    }

    public ComplexBall Cos()
    {
        var (sin, cos) = BallFunctions.SinCos(Real);
        if (IsReal)
            return Of(cos);
        var (up, down) = (BallFunctions.Exp(Imaginary), BallFunctions.Exp(-Imaginary));
        var half = Ball.Of(new Rational(1, 2));
        return new(cos * (up + down) * half, -(sin * (up - down) * half));
    }

    private static Ball MagnitudeOf(Ball value) => value.Middle.Sign < 0 ? -value : value;

    /// <summary>The argument, in (-pi, pi].</summary>
    private Ball Angle()
    {
        if (Real.IsPositive)
            return BallFunctions.Atan(Imaginary / Real);
        var half = Ball.Of(new Rational(1, 2));
        if (Imaginary.IsPositive)
            return (BallFunctions.Pi * half) - BallFunctions.Atan(Real / Imaginary);
        if (Imaginary.IsNegative)
            return -(BallFunctions.Pi * half) - BallFunctions.Atan(Real / Imaginary);
        return Imaginary.IsExactZero && Real.IsNegative ? BallFunctions.Pi : throw new UndefinedValueException();
    }
}
