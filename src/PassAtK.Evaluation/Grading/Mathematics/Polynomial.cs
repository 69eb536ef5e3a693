namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>A sum of monomials with rational coefficients, none of them 0; two are equal exactly when their terms are.</summary>
internal sealed class Polynomial
{
    public const int MostTerms = 400;

    public static readonly Polynomial Zero = new([]);
    public static readonly Polynomial One = Of(Rational.One);

    private readonly Dictionary<Monomial, Rational> _terms;

    public Polynomial(Dictionary<Monomial, Rational> terms) => _terms = terms;

    public IReadOnlyDictionary<Monomial, Rational> Terms => _terms;

    public bool IsZero => _terms.Count == 0;

    /// <summary>The number that it is; null if it holds an atom.</summary>
    public Rational? Number =>
        _terms.Count == 0 ? Rational.Zero : _terms.Count == 1 && _terms.TryGetValue(Monomial.One, out var number) ? number : null;

    public static Polynomial Of(Rational value) => Of(Monomial.One, value);

    public static Polynomial Of(Monomial monomial, Rational coefficient) =>
        coefficient.IsZero ? new([]) : new(new() { [monomial] = coefficient });

    public Polynomial Plus(Polynomial other, WorkBudget budget)
    {
        if (IsZero)
            return other;
        var sum = new Dictionary<Monomial, Rational>(_terms);
        foreach (var (monomial, coefficient) in other._terms)
            Add(sum, monomial, coefficient, budget);
        return new(sum);
    }

    public Polynomial Times(Rational factor, WorkBudget budget)
    {
        if (factor.IsOne)
            return this;
        var product = new Dictionary<Monomial, Rational>(_terms.Count);
        if (factor.IsZero)
            return Zero;
        foreach (var (monomial, coefficient) in _terms)
        {
            budget.Spend(coefficient.Cost + factor.Cost);
            product[monomial] = coefficient * factor;
        }
        return new(product);
    }

    /// <exception cref="WorkLimitException">The product has too many terms.</exception>
    public Polynomial Times(Polynomial other, WorkBudget budget)
    {
        if (other.Number is { } number)
            return Times(number, budget);
        if (Number is { } own)
            return other.Times(own, budget);
        var product = new Dictionary<Monomial, Rational>();
        var carried = Zero;
        foreach (var (left, leftCoefficient) in _terms)
        {
            foreach (var (right, rightCoefficient) in other._terms)
            {
                budget.Spend(10 + leftCoefficient.Cost + rightCoefficient.Cost + left.Powers.Count + right.Powers.Count);
                var coefficient = leftCoefficient * rightCoefficient;
                var monomial = left.Times(right);
                if (monomial.Powers.Any(power => power.Atom.Carries && power.Exponent.Floor().Sign != 0))
                    carried = carried.Plus(Carry.Resolve(monomial, coefficient, budget), budget);
                else
                    Add(product, monomial, coefficient, budget);
            }
        }
        return new Polynomial(product).Plus(carried, budget);
    }

    public Polynomial Power(int exponent, WorkBudget budget)
    {
        var (result, square) = (One, this);
        for (var left = exponent; left > 0; left >>= 1)
        {
            if ((left & 1) != 0)
                result = result.Times(square, budget);
            if (left > 1)
                square = square.Times(square, budget);
        }
        return result;
    }

    /// <summary>One text for each polynomial.</summary>
    public string Key() => string.Join('+', _terms.Select(term => $"{term.Value}{term.Key}").Order(StringComparer.Ordinal));

    private static void Add(Dictionary<Monomial, Rational> terms, Monomial monomial, Rational coefficient, WorkBudget budget)
    {
        budget.Spend(4 + coefficient.Cost);
        if (!terms.TryGetValue(monomial, out var present))
        {
            if (terms.Count == MostTerms)
                throw new WorkLimitException();
            terms[monomial] = coefficient;
            return;
        }
        var sum = present + coefficient;
        if (sum.IsZero)
            terms.Remove(monomial);
        else
            terms[monomial] = sum;
    }
}
