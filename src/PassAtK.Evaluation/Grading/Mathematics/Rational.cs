using System.Globalization;
using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>A rational number in lowest terms, of at most <see cref="MostBits"/> bits above and below.</summary>
internal readonly record struct Rational : IComparable<Rational>
{
    public const int MostBits = 8192;

    private readonly BigInteger _denominatorLessOne;

    public Rational(BigInteger numerator)
        : this(numerator, BigInteger.One)
    {
    }

    /// <summary>The denominator is not 0.</summary>
    /// <exception cref="WorkLimitException">The number is too long.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (!denominator.IsOne)
        {
            var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
            if (!divisor.IsOne)
                (numerator, denominator) = (numerator / divisor, denominator / divisor);
        }
        if (numerator.GetBitLength() > MostBits || denominator.GetBitLength() > MostBits)
            throw new WorkLimitException();
        Numerator = numerator;
        _denominatorLessOne = denominator - 1;
    }

    public static Rational Zero => default;

    public static Rational One { get; } = new(1);

    public static Rational MinusOne { get; } = new(-1);

    /// <summary>Carries the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>At least 1.</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    public bool IsZero => Numerator.IsZero;

    public bool IsOne => Numerator.IsOne && IsInteger;

    public bool IsInteger => _denominatorLessOne.IsZero;

    public int Sign => Numerator.Sign;

    /// <summary>Cost of an operation on it, in units of <see cref="WorkBudget"/>.</summary>
    public long Cost
    {
        get
        {
            var words = 1 + ((Numerator.GetBitLength() + Denominator.GetBitLength()) / 64);
            return words * words;
        }
    }

    public static implicit operator Rational(int value) => new(value);

    public static Rational operator +(Rational left, Rational right) =>
        left.IsInteger && right.IsInteger
            ? new(left.Numerator + right.Numerator)
            : new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    public static Rational operator -(Rational left, Rational right) => left + -right;

    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator);

    public static Rational operator *(Rational left, Rational right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>The divisor is not 0.</summary>
    public static Rational operator /(Rational left, Rational right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public Rational Abs() => Sign < 0 ? -this : this;

    public BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>A whole power; 0 to a negative one does not exist.</summary>
    /// <exception cref="WorkLimitException">The result would be too long.</exception>
    public Rational Power(int exponent)
    {
        var size = Math.Max(Numerator.GetBitLength(), Denominator.GetBitLength());
        if (size > 1 && (size - 1) * Math.Abs((long)exponent) > MostBits)
            throw new WorkLimitException();
        var magnitude = Math.Abs(exponent);
        var (above, below) = (Power(Numerator, magnitude), Power(Denominator, magnitude));
        return exponent < 0 ? new(below, above) : new(above, below);
    }

    /// <summary>`18` or `3/4`.</summary>
    public override string ToString() =>
        IsInteger
            ? Numerator.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>Powers of -1, 0 and 1 cost nothing whatever the exponent.</summary>
    private static BigInteger Power(BigInteger value, int exponent)
    {
        if (exponent == 0)
            return BigInteger.One;
        if (value.IsZero || value.IsOne)
            return value;
        return value == BigInteger.MinusOne ? (exponent % 2 == 0 ? BigInteger.One : value) : BigInteger.Pow(value, exponent);
    }
}
