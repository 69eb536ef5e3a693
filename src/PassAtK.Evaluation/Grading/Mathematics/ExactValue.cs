namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Expressions that are rational numbers by their form alone.</summary>
internal static class ExactValue
{
    /// <summary>Null where the expression holds anything but rational arithmetic, or divides by 0.</summary>
    /// <exception cref="WorkLimitException">A number grows too long.</exception>
    public static Rational? Of(Expression expression)
    {
        switch (expression)
        {
            case NumberLiteral number:
                return number.Value;
            case Sum sum:
                return Fold(sum.Terms, Rational.Zero, (total, term) => total + term);
            case Product product:
                return Fold(product.Factors, Rational.One, (total, factor) => total * factor);
            case Quotient quotient:
                return Of(quotient.Above) is { } above && Of(quotient.Below) is { IsZero: false } below ? above / below : null;
            case Power power:
                return Of(power.Exponent) is { IsInteger: true } exponent && Of(power.Base) is { } @base
                    && System.Numerics.BigInteger.Abs(exponent.Numerator) <= Rational.MostBits && !(@base.IsZero && exponent.Sign <= 0)
                        ? @base.Power((int)exponent.Numerator)
                        : null;
            default:
                return null;
        }
    }

    private static Rational? Fold(IReadOnlyList<Expression> parts, Rational start, Func<Rational, Rational, Rational> combine)
    {
        foreach (var part in parts)
        {
            if (Of(part) is not { } value)
                return null;
            start = combine(start, value);
        }
        return start;
    }
}
