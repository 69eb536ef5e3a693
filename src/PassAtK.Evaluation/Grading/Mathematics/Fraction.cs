namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// A quotient of polynomials, compared by cross-multiplication. A denominator of numbers alone, surds included, is divided out.
/// </summary>
internal readonly record struct Fraction(Polynomial Above, Polynomial Below)
{
    public static Fraction Of(Polynomial polynomial) => new(polynomial, Polynomial.One);

    public static Fraction Of(Rational value) => Of(Polynomial.Of(value));

    /// <summary>The number that it is; null if it holds an atom.</summary>
    public Rational? Number => Below.Number is { IsOne: true } ? Above.Number : null;

    public Fraction Plus(Fraction other, WorkBudget budget) =>
        Below == other.Below || (Below.Number is { IsOne: true } && other.Below.Number is { IsOne: true })
            ? new(Above.Plus(other.Above, budget), Below)
            : new(Above.Times(other.Below, budget).Plus(other.Above.Times(Below, budget), budget), Below.Times(other.Below, budget));

    public Fraction Times(Fraction other, WorkBudget budget) =>
        new(Above.Times(other.Above, budget), Below.Times(other.Below, budget));

    /// <exception cref="UndefinedValueException">The divisor is 0.</exception>
    public Fraction DividedBy(Fraction other, WorkBudget budget)
    {
        if (other.Above.IsZero)
            throw new UndefinedValueException();
        return new Fraction(Above.Times(other.Below, budget), Below.Times(other.Above, budget)).Reduced(budget);
    }

    /// <summary>Left times below less right times below: 0 exactly where both are equal by the rules of algebra.</summary>
    public Polynomial Difference(Fraction other, WorkBudget budget)
    {
        var (left, right) = (Above.Times(other.Below, budget), other.Above.Times(Below, budget));
        return left.Plus(right.Times(Rational.MinusOne, budget), budget);
    }

    /// <summary>A denominator of one term without variables goes: 1/(2 sqrt 3) is sqrt 3 / 6.</summary>
    private Fraction Reduced(WorkBudget budget)
    {
        if (Below.Terms.Count != 1)
            return this;
        var (monomial, coefficient) = Below.Terms.First();
        if (!monomial.Powers.All(power => power.Atom.Kind is AtomKind.Prime or AtomKind.Imaginary))
            return this;
        var inverse = new Monomial([.. monomial.Powers.Select(power => (power.Atom, -power.Exponent))]);
        return Of(Above.Times(Carry.Resolve(inverse, Rational.One / coefficient, budget), budget));
    }
}
