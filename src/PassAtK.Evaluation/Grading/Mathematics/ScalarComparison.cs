using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// When two scalars are the same value: by their normal forms, else by evaluation at <see cref="SamplePoints"/>, where equal means that the
/// difference is 0 within a proven error below 2^-<see cref="AgreementBits"/> of the value's size (of 1, if it is smaller).
/// </summary>
internal sealed class ScalarComparison(WorkBudget budget)
{
    public const int AgreementBits = 100;

    private const long ExactBudget = 60_000;

    /// <summary>Fewest digits that make a decimal an approximation worth accepting.</summary>
    public const int FewestDecimals = 4;
    public const int FewestDigits = 5;

    private const int DigitsOfDoubles = 15;

    /// <summary>The same value, exactly or by <see cref="AgreementBits"/>.</summary>
    public bool AreEqual(Expression left, Expression right) =>
        ByNormalForm(left, right) ?? ByEvaluation(left, right);

    /// <summary>One is a decimal of five digits or more, four of them after the point, that the other value rounds or is cut to.</summary>
    public bool IsRounded(Expression left, Expression right)
    {
        var (leftDecimals, rightDecimals) = (DecimalsOf(left), DecimalsOf(right));
        if (leftDecimals < 0 && rightDecimals < 0)
            return false;
        var isLeft = rightDecimals < 0 || (leftDecimals >= 0 && leftDecimals <= rightDecimals);
        try
        {
            if (ExpressionTree.HasVariables(left) || ExpressionTree.HasVariables(right))
                return false;
            var evaluation = new NumericEvaluation(_ => Rational.Zero, isComplex: false, budget);
            var (rounded, value) = isLeft
                ? (evaluation.Of(left), evaluation.Of(right))
                : (evaluation.Of(right), evaluation.Of(left));
            var scale = BigInteger.Pow(10, isLeft ? leftDecimals : rightDecimals);
            var difference = (rounded - value).Magnitude();
            // Rounding changes up to half a unit of the last digit; cutting up to a whole one, always towards 0. The last digit of a
            // printed double is that of the nearest double: up to a whole unit either way.
            return (difference - Ball.Of(new Rational(1, scale))).IsNegative
                && (!(difference - Ball.Of(new Rational(1, 2 * scale))).IsPositive
                    || (rounded.Magnitude() - value.Magnitude()).IsNegative
                    || Significant(LiteralOf(isLeft ? left : right)!.Digits) >= DigitsOfDoubles);
        }
        catch (Exception error) when (error is UndefinedValueException or UnreadableException)
        {
            return false;
        }
    }

    /// <summary>A value of an expression without variables, for putting endpoints in order; null where it has none.</summary>
    public Ball? ValueOf(Expression expression)
    {
        try
        {
            return ExpressionTree.HasVariables(expression)
                ? null
                : new NumericEvaluation(_ => Rational.Zero, isComplex: false, budget).Of(expression) is { IsReal: true } value
                    ? value.Real
                    : null;
        }
        catch (Exception error) when (error is UndefinedValueException or UnreadableException)
        {
            return null;
        }
    }

    /// <summary>Null where the normal forms differ but could still be equal in value.</summary>
    private bool? ByNormalForm(Expression left, Expression right)
    {
        var part = budget.Part(ExactBudget);
        try
        {
            var forms = new NormalForm(part);
            var difference = forms.Of(left).Difference(forms.Of(right), part);
            return difference.IsZero ? true : IsDecisive(difference) ? false : null;
        }
        catch (WorkLimitException)
        {
            return null;
        }
        catch (Exception error) when (error is UndefinedValueException or UnreadableException)
        {
            return false;
        }
        finally
        {
            budget.Reclaim(part);
        }
    }

    /// <summary>
    /// Roots of primes, i, variables and one of pi and e are independent: a difference that is not 0 as a form has a value.
    /// </summary>
    private static bool IsDecisive(Polynomial difference)
    {
        var atoms = difference.Terms.Keys.SelectMany(monomial => monomial.Powers).Select(power => power.Atom);
        var transcendental = new HashSet<string>(StringComparer.Ordinal);
        foreach (var atom in atoms)
        {
            if (!atom.IsProven || atom.Kind is AtomKind.Opaque or AtomKind.Radical)
                return false;
            if (atom.Kind == AtomKind.Transcendental)
                transcendental.Add(atom.Key);
        }
        return transcendental.Count < 2;
    }

    private bool ByEvaluation(Expression left, Expression right)
    {
        var points = ExpressionTree.HasVariables(left) || ExpressionTree.HasVariables(right) ? SamplePoints.Count : 1;
        return AgreeAt(points, left, right, isComplex: false) ?? AgreeAt(points, left, right, isComplex: true) ?? false;
    }

    /// <summary>Null where no point gives both a value.</summary>
    private bool? AgreeAt(int points, Expression left, Expression right, bool isComplex)
    {
        bool? agree = null;
        for (var point = 0; point < points; point++)
        {
            if (AgreeAtPoint(point, left, right, isComplex) is not { } same)
                continue;
            if (!same)
                return false;
            agree = true;
        }
        return agree;
    }

    private bool? AgreeAtPoint(int point, Expression left, Expression right, bool isComplex)
    {
        try
        {
            var evaluation = new NumericEvaluation(variable => SamplePoints.At(point, variable), isComplex, budget);
            var (leftValue, rightValue) = (evaluation.Of(left), evaluation.Of(right));
            var difference = leftValue - rightValue;
            if (!difference.ContainsZero)
                return false;
            var (real, imaginary) = (BigInteger.Abs(leftValue.Real.Middle), BigInteger.Abs(leftValue.Imaginary.Middle));
            var size = BigInteger.Max(Ball.Unit, BigInteger.Max(real, imaginary));
            var bound = size >> AgreementBits;
            return difference.Real.Radius <= bound && difference.Imaginary.Radius <= bound ? true : null;
        }
        catch (UndefinedValueException)
        {
            return null;
        }
        catch (UnreadableException)
        {
            return false;
        }
    }

    private static int DecimalsOf(Expression expression) =>
        LiteralOf(expression) is { Decimals: >= FewestDecimals } literal && Significant(literal.Digits) >= FewestDigits
            ? literal.Decimals + (expression is Percentage ? 2 : 0)
            : -1;

    private static NumberLiteral? LiteralOf(Expression expression) =>
        (expression is Percentage percentage ? percentage.Value : expression) as NumberLiteral;

    public static int Significant(string digits) =>
        digits.Contains('e', StringComparison.Ordinal) ? 0 : digits.TrimStart('-', '0', '.').Count(char.IsAsciiDigit);
}
