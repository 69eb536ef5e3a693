using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Functions of whole numbers, exactly; `max` and `min` also of fractions.</summary>
internal static class WholeFunctions
{
    /// <summary>Largest n of n! and of binomial coefficients' smaller part.</summary>
    private const int Largest = 2000;

    /// <exception cref="UndefinedValueException">No such value exists, or it is too large.</exception>
    public static Rational Apply(string function, IReadOnlyList<Rational> arguments)
    {
        switch (function)
        {
            case "max":
                return arguments.Max();
            case "min":
                return arguments.Min();
        }
        if (!arguments.All(argument => argument.IsInteger))
            throw new UndefinedValueException();
        BigInteger[] whole = [.. arguments.Select(argument => argument.Numerator)];
        return function switch
        {
            "factorial" when whole.Length == 1 => new Rational(Factorial(whole[0])),
            "binom" when whole.Length == 2 => new Rational(Binomial(whole[0], whole[1])),
            "gcd" => new Rational(whole.Aggregate(BigInteger.GreatestCommonDivisor)),
            "lcm" => new Rational(whole.Aggregate(LeastCommonMultiple)),
            _ => throw new UnreadableException(),
        };
    }

    private static BigInteger Factorial(BigInteger n)
    {
        if (n.Sign < 0 || n > Largest / 3)
            throw new UndefinedValueException();
        var product = BigInteger.One;
        for (var factor = 2; factor <= n; factor++)
            product *= factor;
        return product;
    }

    private static BigInteger Binomial(BigInteger n, BigInteger k)
    {
        if (k.Sign < 0 || n.Sign < 0)
            throw new UndefinedValueException();
        if (k > n)
            return BigInteger.Zero;
        k = BigInteger.Min(k, n - k);
        if (k > Largest || n.GetBitLength() * k > 4 * Rational.MostBits)
            throw new UndefinedValueException();
        var result = BigInteger.One;
        for (var step = 1; step <= k; step++)
            result = result * (n - k + step) / step;
        return result;
    }

    private static BigInteger LeastCommonMultiple(BigInteger left, BigInteger right) =>
        left.IsZero || right.IsZero ? BigInteger.Zero : BigInteger.Abs(left / BigInteger.GreatestCommonDivisor(left, right) * right);
}
