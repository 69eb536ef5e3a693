using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Elementary functions of balls. Each takes the series at the middle with <see cref="Guard"/> more bits than are kept, adds the series'
/// own error, and the input's radius times a bound of the derivative.
/// </summary>
internal static class BallFunctions
{
    private const int Guard = 48;
    private const int Work = Ball.Bits + Guard;

    private static readonly BigInteger One = BigInteger.One << Work;

    // pi = 16 atan(1/5) - 4 atan(1/239) (Machin).
    private static readonly BigInteger PiWork = (16 * InverseTangentOfInverse(5)) - (4 * InverseTangentOfInverse(239));
    private static readonly BigInteger Ln2Work = 2 * HyperbolicInverse(One / 3);

    public static Ball Pi { get; } = new(PiWork >> Guard, 2);

    public static Ball Sqrt(Ball value)
    {
        if (value.IsExactZero)
            return value;
        if (!value.IsPositive)
            throw new UndefinedValueException();
        var root = IntegerRoot(value.Middle << Ball.Bits);
        // |sqrt(a) - sqrt(a')| <= r / sqrt(a - r).
        var below = IntegerRoot((value.Middle - value.Radius) << Ball.Bits) + 1;
        return new Ball(root, ((value.Radius << Ball.Bits) / below) + 2);
    }

    public static Ball Exp(Ball value)
    {
        if (value.Middle >= (BigInteger)(Ball.MostBits * 0.69) << Ball.Bits)
            throw new UndefinedValueException();
        if (value.Middle <= -((BigInteger)Ball.MostBits << Ball.Bits))
            return new Ball(0, 1);
        var x = value.Middle << Guard;
        // e^x = 2^k e^r with |r| <= ln 2 / 2, then r is halved 16 times.
        var k = (int)BigInteger.Divide((2 * x) + (x.Sign * Ln2Work), 2 * Ln2Work);
        var r = (x - (k * Ln2Work)) >> 16;
        var sum = One;
        var term = One;
        for (var n = 1; !term.IsZero && n < 64; n++)
        {
            term = ((term * r) >> Work) / n;
            sum += term;
        }
        for (var square = 0; square < 16; square++)
            sum = (sum * sum) >> Work;
        var middle = k >= Guard ? sum << (k - Guard) : sum >> (Guard - k);
        // Errors: about 2^22 in the guarded place, then r (e^r - 1 <= 2r for r <= 1).
        if (value.Radius > Ball.Unit)
            throw new UndefinedValueException();
        var rounding = k > 20 ? BigInteger.One << (k - 20) : BigInteger.One;
        return Ball.Checked(middle, ((middle * 2 * value.Radius) >> Ball.Bits) + rounding + 2);
    }

    public static Ball Ln(Ball value)
    {
        if (!value.IsPositive)
            throw new UndefinedValueException();
        // value = 2^k m with m in [1, 2); ln m = 2 atanh((m - 1) / (m + 1)).
        var k = (int)value.Middle.GetBitLength() - 1 - Ball.Bits;
        var m = Work >= Ball.Bits + k ? value.Middle << (Guard - k) : value.Middle >> (k - Guard);
        var logarithm = (2 * HyperbolicInverse(((m - One) << Work) / (m + One))) + (k * Ln2Work);
        var spread = value.Radius.IsZero ? 0 : (value.Radius << Ball.Bits) / (value.Middle - value.Radius);
        return new Ball(logarithm >> Guard, spread + 3);
    }

    public static (Ball Sin, Ball Cos) SinCos(Ball value)
    {
        if (BigInteger.Abs(value.Middle) >> (Ball.Bits + Guard - 12) != 0)
            throw new UndefinedValueException();
        var x = value.Middle << Guard;
        // Less the nearest multiple of pi / 2, then a sixteenth.
        var k = BigInteger.Divide((4 * x) + (x.Sign * PiWork), 2 * PiWork);
        var r = (x - (k * PiWork / 2)) >> 4;
        var (sin, cos) = Series(r);
        for (var twice = 0; twice < 4; twice++)
            (sin, cos) = ((2 * sin * cos) >> Work, One - ((2 * sin * sin) >> Work));
        var (s, c) = (int)(((k % 4) + 4) % 4) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
        // The quotient k is below 2^40, and so is the error of k pi / 2 in the guarded places below one unit.
        var radius = value.Radius + 2;
        return (new Ball(s >> Guard, radius), new Ball(c >> Guard, radius));
    }

    public static Ball Atan(Ball value)
    {
        var x = value.Middle << Guard;
        var inverted = BigInteger.Abs(x) > One;
        if (inverted)
            x = (One << Work) / x;
        // atan x = 2 atan(x / (1 + sqrt(1 + x^2))), three times.
        for (var half = 0; half < 3; half++)
            x = (x << Work) / (One + IntegerRoot((One * One) + (x * x)));
        var sum = BigInteger.Zero;
        var square = (x * x) >> Work;
        var power = x;
        for (var n = 1; !power.IsZero && n < 200; n += 2)
        {
            sum += n % 4 == 1 ? power / n : -(power / n);
            power = (power * square) >> Work;
            if (power == BigInteger.MinusOne)
                break;
        }
        sum *= 8;
        if (inverted)
            sum = (x.Sign * PiWork / 2) - sum;
        return new Ball(sum >> Guard, value.Radius + 2);
    }

    /// <summary>The largest integer whose square is at most the value, by Newton's iteration.</summary>
    public static BigInteger IntegerRoot(BigInteger value)
    {
        if (value.Sign <= 0)
            return BigInteger.Zero;
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }

    private static (BigInteger Sin, BigInteger Cos) Series(BigInteger x)
    {
        var (sin, cos) = (BigInteger.Zero, BigInteger.Zero);
        var term = One;
        for (var n = 0; n < 100 && !term.IsZero && term != BigInteger.MinusOne; n++)
        {
            switch (n % 4)
            {
                case 0: cos += term; break;
                case 1: sin += term; break;
                case 2: cos -= term; break;
                default: sin -= term; break;
            }
            term = ((term * x) >> Work) / (n + 1);
        }
        return (sin, cos);
    }

    /// <summary>atanh z = z + z^3/3 + ..., for |z| at most 1/3.</summary>
    private static BigInteger HyperbolicInverse(BigInteger z)
    {
        var square = (z * z) >> Work;
        var (sum, power) = (BigInteger.Zero, z);
        for (var n = 1; !power.IsZero && power != BigInteger.MinusOne; n += 2)
        {
            sum += power / n;
            power = (power * square) >> Work;
        }
        return sum;
    }

    private static BigInteger InverseTangentOfInverse(int n)
    {
        var power = One / n;
        var sum = power;
        for (var k = 1; !power.IsZero; k++)
        {
            power /= n * n;
            sum += (k % 2 == 0 ? power : -power) / ((2 * k) + 1);
        }
        return sum;
    }
}
