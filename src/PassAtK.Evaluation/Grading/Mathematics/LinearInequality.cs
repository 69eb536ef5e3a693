namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Solves `a x + b` against a bound for x, where a is a rational number and b holds no variable.</summary>
internal static class LinearInequality
{
    /// <summary>The bound of x, and whether the sign turns around; null where it is not linear in one variable.</summary>
    public static (Expression Bound, bool Flips)? Solve(Expression unknown, Expression bound, WorkBudget budget)
    {
        try
        {
            var form = new NormalForm(budget).Of(new Sum([unknown, ScalarParser.Negated(bound)]));
            if (form.Below.Number is not { IsOne: true })
                return null;
            Rational? slope = null;
            var rest = new List<Expression>();
            foreach (var (monomial, coefficient) in form.Above.Terms)
            {
                if (monomial.Powers is [{ Atom.Kind: AtomKind.Variable, Exponent.IsOne: true }] && slope is null)
                    slope = coefficient;
                else if (Constant(monomial, coefficient) is { } constant)
                    rest.Add(constant);
                else
                    return null;
            }
            return slope is { } a
                ? (new Product([NumberLiteral.Of(Rational.MinusOne / a), new Sum([NumberLiteral.Of(0), .. rest])]), a.Sign < 0)
                : null;
        }
        catch (Exception error) when (error is UndefinedValueException or UnreadableException)
        {
            return null;
        }
    }

    private static Product? Constant(Monomial monomial, Rational coefficient)
    {
        var factors = new List<Expression> { NumberLiteral.Of(coefficient) };
        foreach (var (atom, exponent) in monomial.Powers)
        {
            Expression? @base = atom.Kind switch
            {
                AtomKind.Prime => NumberLiteral.Of(new Rational(atom.Whole)),
                AtomKind.Transcendental => new Symbol(atom.Key),
                _ => null,
            };
            if (@base is null)
                return null;
            factors.Add(new Power(@base, NumberLiteral.Of(exponent)));
        }
        return new Product(factors);
    }
}
