using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Writes a scalar as a quotient of polynomials in variables, pi, e, i, roots of primes, roots of polynomials and opaque values. Each step
/// is an identity wherever both sides are real and defined.
/// </summary>
internal sealed class NormalForm(WorkBudget budget)
{
    private const int LargestPower = 64;

    /// <exception cref="UnreadableException">It is no scalar.</exception>
    /// <exception cref="UndefinedValueException">It divides by 0.</exception>
    /// <exception cref="WorkLimitException">It grows too large.</exception>
    public Fraction Of(Expression expression)
    {
        budget.Spend(10);
        switch (expression)
        {
            case NumberLiteral number:
                return Fraction.Of(number.Value);
            case Symbol symbol:
                return Fraction.Of(Polynomial.Of(new Monomial([(SymbolAtom(symbol.Name), Rational.One)]), Rational.One));
            case Sum sum:
                return sum.Terms.Aggregate(Fraction.Of(Rational.Zero), (total, term) => total.Plus(Of(term), budget));
            case Product product:
                return product.Factors.Aggregate(Fraction.Of(Rational.One), (result, factor) => result.Times(Of(factor), budget));
            case Quotient quotient:
                return Of(quotient.Above).DividedBy(Of(quotient.Below), budget);
            case Power power:
                return Raise(power);
            case Percentage percentage:
                return Of(percentage.Value).Times(Fraction.Of(new Rational(1, 100)), budget);
            case Degrees degrees:
                return Of(new Product([degrees.Value, new Symbol(ConstantNames.Pi), NumberLiteral.Of(new Rational(1, 180))]));
            case Call call:
                return Apply(call);
            default:
                throw new UnreadableException();
        }
    }

    private Fraction Raise(Power power)
    {
        var exponentForm = Of(power.Exponent);
        var form = Of(power.Base);
        if (exponentForm.Number is not { } exponent)
            return Opaque($"pow({Key(form)},{Key(exponentForm)})");
        return exponent.IsInteger ? Raise(form, exponent.Numerator) : RootOf(form, exponent);
    }

    private Fraction Raise(Fraction form, BigInteger exponent)
    {
        if (exponent.IsZero)
            return form.Above.IsZero ? throw new UndefinedValueException() : Fraction.Of(Rational.One);
        if (form.Number is { } number)
        {
            if (number.IsZero && exponent.Sign < 0)
                throw new UndefinedValueException();
            return BigInteger.Abs(exponent) <= int.MaxValue ? Fraction.Of(number.Power((int)exponent)) : throw new WorkLimitException();
        }
        var largest = form.Above.Terms.Count == 1 && form.Below.Terms.Count == 1 ? 100_000 : LargestPower;
        if (BigInteger.Abs(exponent) > largest)
            throw new WorkLimitException();
        var magnitude = (int)BigInteger.Abs(exponent);
        var raised = new Fraction(form.Above.Power(magnitude, budget), form.Below.Power(magnitude, budget));
        return exponent.Sign > 0 ? raised : Fraction.Of(Rational.One).DividedBy(raised, budget);
    }

    /// <summary>A power with an exponent that is not whole.</summary>
    private Fraction RootOf(Fraction form, Rational exponent)
    {
        if (form.Above.IsZero)
            return exponent.Sign > 0 ? form : throw new UndefinedValueException();
        if (form.Above.Terms.Count == 1 && form.Below.Number is { IsOne: true })
        {
            var (monomial, coefficient) = form.Above.Terms.First();
            var splits = monomial.Powers.All(power => power.Atom.IsPositive)
                || (coefficient.IsOne && monomial.Powers is [{ Atom.Kind: AtomKind.Variable, Exponent.IsOne: true }]);
            if (splits && (coefficient.Sign > 0 || RealSign(exponent) is not null))
                return OfMonomial(monomial, coefficient, exponent);
        }
        if (form.Below.Number is not { IsOne: true })
            return Opaque($"pow({Key(form)},{exponent})");
        // A positive common factor goes before the root: sqrt(8 + 4 sqrt 3) is 2 sqrt(2 + sqrt 3).
        var content = Content(form.Above);
        var inner = form.Above.Times(Rational.One / content, budget);
        var atom = new Atom($"root({inner.Key()})", AtomKind.Radical, IsProven: false, Base: inner);
        var root = Shifted(atom, exponent);
        return content.IsOne ? root : root.Times(RootOf(Fraction.Of(content), exponent), budget);
    }

    private Fraction OfMonomial(Monomial monomial, Rational coefficient, Rational exponent)
    {
        var result = Fraction.Of(coefficient.Sign < 0 ? RealSign(exponent)!.Value : Rational.One);
        if (coefficient.Sign < 0 && exponent.Denominator == 2)
        {
            // Principal: (-1)^(n/2) is i^n.
            var imaginary = new Monomial([(new Atom(ConstantNames.Imaginary, AtomKind.Imaginary), new Rational(exponent.Numerator))]);
            result = Fraction.Of(Carry.Resolve(imaginary, Rational.One, budget));
        }
        foreach (var (atom, power) in monomial.Powers)
            result = result.Times(Shifted(atom, power * exponent), budget);
        foreach (var (prime, power, isProven) in PrimeFactors.Of(coefficient.Abs(), budget))
            result = result.Times(Shifted(new Atom("p" + prime, AtomKind.Prime, isProven, prime), power * exponent), budget);
        return result;
    }

    /// <summary>(-1) to the power over the reals, 1 where it leaves them for i; null where it is neither.</summary>
    private static Rational? RealSign(Rational exponent)
    {
        if (exponent.Denominator == 2)
            return Rational.One;
        if (exponent.Denominator.IsEven)
            return null;
        return exponent.Numerator.IsEven ? Rational.One : Rational.MinusOne;
    }

    /// <summary>An atom to any rational power, as a quotient whose exponents are all positive.</summary>
    private Fraction Shifted(Atom atom, Rational exponent)
    {
        if (atom.Kind is AtomKind.Prime)
            return Fraction.Of(Carry.Resolve(new Monomial([(atom, exponent)]), Rational.One, budget));
        var magnitude = Fraction.Of(Carry.Resolve(new Monomial([(atom, exponent.Abs())]), Rational.One, budget));
        return exponent.Sign > 0 ? magnitude : new Fraction(Polynomial.One, magnitude.Above);
    }

    private Fraction Apply(Call call)
    {
        Fraction[] arguments = [.. call.Arguments.Select(Of)];
        if (call.Function is "factorial" or "binom" or "gcd" or "lcm" or "max" or "min"
            && Array.TrueForAll(arguments, argument => argument.Number is not null))
        {
            return Fraction.Of(WholeFunctions.Apply(call.Function, [.. arguments.Select(argument => argument.Number!.Value)]));
        }
        if (arguments is [{ Number: { } number }])
        {
            switch (call.Function)
            {
                case "abs": return Fraction.Of(number.Abs());
                case "floor": return Fraction.Of(new Rational(number.Floor()));
                case "ceil": return Fraction.Of(new Rational(-(-number).Floor()));
                case "ln" when number.IsOne: return Fraction.Of(Rational.Zero);
            }
        }
        var key = $"{call.Function}({string.Join(',', arguments.Select(Key))})";
        return FunctionNames.Canonical(call.Function) is null
            ? Fraction.Of(Polynomial.Of(new Monomial([(new Atom(key, AtomKind.Variable), Rational.One)]), Rational.One))
            : Opaque(key);
    }

    private static Fraction Opaque(string key) =>
        Fraction.Of(Polynomial.Of(new Monomial([(new Atom(key, AtomKind.Opaque, IsProven: false), Rational.One)]), Rational.One));

    private static Atom SymbolAtom(string name) => name switch
    {
        ConstantNames.Imaginary => new Atom(name, AtomKind.Imaginary),
        ConstantNames.Pi or ConstantNames.Euler => new Atom(name, AtomKind.Transcendental),
        _ => new Atom(name, AtomKind.Variable),
    };

    private static string Key(Fraction form) =>
        form.Below.Number is { IsOne: true } ? form.Above.Key() : $"[{form.Above.Key()}]/[{form.Below.Key()}]";

    /// <summary>The greatest positive rational that divides all coefficients.</summary>
    private static Rational Content(Polynomial polynomial)
    {
        var (above, below) = (BigInteger.Zero, BigInteger.One);
        foreach (var coefficient in polynomial.Terms.Values)
        {
            above = BigInteger.GreatestCommonDivisor(above, coefficient.Numerator);
            below = below / BigInteger.GreatestCommonDivisor(below, coefficient.Denominator) * coefficient.Denominator;
        }
        return new Rational(above, below);
    }
}
