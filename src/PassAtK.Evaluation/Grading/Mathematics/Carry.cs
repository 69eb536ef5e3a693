using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Takes whole powers out of atoms that keep only fractional ones: sqrt 2 times sqrt 2 is 2, i times i is -1.</summary>
internal static class Carry
{
    private const int LargestPower = 4096;

    public static Polynomial Resolve(Monomial monomial, Rational coefficient, WorkBudget budget)
    {
        var kept = new List<(Atom, Rational)>();
        var factor = Polynomial.One;
        foreach (var (atom, exponent) in monomial.Powers)
        {
            if (!atom.Carries)
            {
                kept.Add((atom, exponent));
                continue;
            }
            var whole = exponent.Floor();
            var rest = exponent - new Rational(whole);
            if (BigInteger.Abs(whole) > LargestPower)
                throw new WorkLimitException();
            budget.Spend(10);
            switch (atom.Kind)
            {
                case AtomKind.Prime:
                    coefficient *= new Rational(atom.Whole).Power((int)whole);
                    break;
                case AtomKind.Imaginary:
                    // The exponent is whole; odd powers keep one i.
                    var quarter = (int)(((whole % 4) + 4) % 4);
                    coefficient *= quarter >= 2 ? Rational.MinusOne : Rational.One;
                    rest = quarter % 2;
                    break;
                default:
                    factor = factor.Times(atom.Base!.Power((int)whole, budget), budget);
                    break;
            }
            if (!rest.IsZero)
                kept.Add((atom, rest));
        }
        return Polynomial.Of(new Monomial([.. kept]), coefficient).Times(factor, budget);
    }
}
