using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// A real number known to lie within Radius of Middle, both in units of 2^-<see cref="Bits"/>. Every operation widens the radius by what
/// it rounds, so that the bound is proven, not estimated.
/// </summary>
internal readonly record struct Ball(BigInteger Middle, BigInteger Radius)
{
    public const int Bits = 224;

    /// <summary>Largest magnitude is 2^MostBits: what is larger has no value here.</summary>
    public const int MostBits = 4096;

    public static readonly BigInteger Unit = BigInteger.One << Bits;

    public static Ball Zero => new(0, 0);

    public static Ball One => new(Unit, 0);

    /// <summary>It is 0, exactly.</summary>
    public bool IsExactZero => Middle.IsZero && Radius.IsZero;

    public bool ContainsZero => BigInteger.Abs(Middle) <= Radius;

    public bool IsPositive => Middle > Radius;

    public bool IsNegative => -Middle > Radius;

    public static Ball Of(Rational value)
    {
        if (value.IsInteger)
            return Checked(value.Numerator << Bits, 0);
        return Checked((value.Numerator << Bits) / value.Denominator, 1);
    }

    public static Ball operator +(Ball left, Ball right) => new(left.Middle + right.Middle, left.Radius + right.Radius);

    public static Ball operator -(Ball left, Ball right) => new(left.Middle - right.Middle, left.Radius + right.Radius);

    public static Ball operator -(Ball value) => new(-value.Middle, value.Radius);

    public static Ball operator *(Ball left, Ball right)
    {
        if (left.IsExactZero || right.IsExactZero)
            return Zero;
        var middle = (left.Middle * right.Middle) >> Bits;
        var spread = (BigInteger.Abs(left.Middle) * right.Radius) + (BigInteger.Abs(right.Middle) * left.Radius) + (left.Radius * right.Radius);
        return Checked(middle, (spread >> Bits) + 2);
    }

    /// <summary>The divisor's ball does not contain 0.</summary>
    public static Ball operator /(Ball left, Ball right)
    {
        var middle = (left.Middle << Bits) / right.Middle;
        // |a/b - a'/b'| <= (ra + |a/b| rb) / (|b| - rb).
        var below = BigInteger.Abs(right.Middle) - right.Radius;
        var spread = ((left.Radius << Bits) + (BigInteger.Abs(middle) * right.Radius)) / below;
        return Checked(middle, spread + 2);
    }

    public Ball Widened(BigInteger by) => new(Middle, Radius + by);

    /// <exception cref="UndefinedValueException">The number is too large.</exception>
    public static Ball Checked(BigInteger middle, BigInteger radius) =>
        middle.GetBitLength() > MostBits + Bits ? throw new UndefinedValueException() : new Ball(middle, radius);
}
