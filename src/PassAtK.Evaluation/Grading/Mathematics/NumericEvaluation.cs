using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// The value of an expression at a point, with a proven bound of its error. Over the reals, odd roots of negative numbers are real and even
/// ones have no value; over the complex numbers, powers are principal values.
/// </summary>
/// <param name="point">The value of each variable.</param>
/// <param name="isComplex">Whether values may leave the reals.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class NumericEvaluation(Func<string, Rational> point, bool isComplex, WorkBudget budget)
{
    /// <summary>Cost of an elementary function, in units of the budget.</summary>
    private const long FunctionCost = 400;

    private const int LargestWhole = 2000;

    /// <exception cref="UndefinedValueException">There is no value.</exception>
    /// <exception cref="UnreadableException">The expression is no scalar.</exception>
    public ComplexBall Of(Expression expression)
    {
        budget.Spend(8);
        switch (expression)
        {
            case NumberLiteral number:
                return ComplexBall.Of(Ball.Of(number.Value));
            case Symbol symbol:
                return Value(symbol.Name);
            case Sum sum:
                var total = Of(sum.Terms[0]);
                for (var term = 1; term < sum.Terms.Count; term++)
                    total += Of(sum.Terms[term]);
                return total;
            case Product product:
                var result = Of(product.Factors[0]);
                for (var factor = 1; factor < product.Factors.Count; factor++)
                    result *= Of(product.Factors[factor]);
                return result;
            case Quotient quotient:
                return Of(quotient.Above) / Of(quotient.Below);
            case Power power:
                return Raise(power);
            case Percentage percentage:
                return Of(percentage.Value) * ComplexBall.Of(Ball.Of(new Rational(1, 100)));
            case Degrees degrees:
                return Of(degrees.Value) * ComplexBall.Of(BallFunctions.Pi * Ball.Of(new Rational(1, 180)));
            case Call call:
                return Apply(call);
            default:
                throw new UnreadableException();
        }
    }

    private ComplexBall Value(string name)
    {
        switch (name)
        {
            case ConstantNames.Pi:
                return ComplexBall.Of(BallFunctions.Pi);
            case ConstantNames.Euler:
                budget.Spend(FunctionCost);
                return ComplexBall.Of(BallFunctions.Exp(Ball.One));
            case ConstantNames.Imaginary:
                return isComplex ? new ComplexBall(Ball.Zero, Ball.One) : throw new UndefinedValueException();
            case ConstantNames.Infinity or ConstantNames.Empty or ConstantNames.Reals:
                throw new UnreadableException();
            default:
                return ComplexBall.Of(Ball.Of(point(name)));
        }
    }

    private ComplexBall Raise(Power power)
    {
        if (ExactValue.Of(power.Exponent) is { } exponent)
        {
            if (power.Base is Symbol { Name: ConstantNames.Euler })
                return Exp(ComplexBall.Of(Ball.Of(exponent)));
            var @base = Of(power.Base);
            if (exponent.IsInteger)
            {
                if (BigInteger.Abs(exponent.Numerator) > Ball.MostBits)
                    throw new UndefinedValueException();
                budget.Spend(200);
                return @base.Power(exponent.Numerator);
            }
            return Root(@base, exponent);
        }
        var raised = Of(power.Exponent);
        return power.Base is Symbol { Name: ConstantNames.Euler } ? Exp(raised) : Exp(Of(power.Base), raised);
    }

    private ComplexBall Root(ComplexBall @base, Rational exponent)
    {
        budget.Spend(FunctionCost);
        if (@base.Real.IsExactZero && @base.IsReal)
            return exponent.Sign > 0 ? @base : throw new UndefinedValueException();
        if (@base.IsReal && @base.Real.IsNegative && !exponent.Denominator.IsEven && !isComplex)
        {
            var root = Root(-@base, exponent);
            return exponent.Numerator.IsEven ? root : -root;
        }
        if (@base.IsReal && exponent is { Denominator: var two, Numerator: var n } && two == 2 && BigInteger.Abs(n) < 64)
        {
            if (@base.Real.IsPositive)
                return ComplexBall.Of(BallFunctions.Sqrt(@base.Real)).Power(n);
            if (isComplex && @base.Real.IsNegative)
                return new ComplexBall(Ball.Zero, BallFunctions.Sqrt(-@base.Real)).Power(n);
        }
        return Exp(@base, ComplexBall.Of(Ball.Of(exponent)));
    }

    private ComplexBall Exp(ComplexBall @base, ComplexBall exponent)
    {
        if (!isComplex && !(@base.IsReal && @base.Real.IsPositive))
            throw new UndefinedValueException();
        budget.Spend(FunctionCost);
        return Exp(@base.Ln() * exponent);
    }

    private ComplexBall Exp(ComplexBall exponent)
    {
        budget.Spend(FunctionCost);
        return exponent.Exp();
    }

    private ComplexBall Apply(Call call)
    {
        budget.Spend(FunctionCost);
        if (call.Arguments.Count != 1)
            return ComplexBall.Of(Ball.Of(WholeFunctions.Apply(call.Function, [.. call.Arguments.Select(Whole)])));
        if (call.Function == "factorial")
            return ComplexBall.Of(Ball.Of(WholeFunctions.Apply("factorial", [Whole(call.Arguments[0])])));
        var x = Of(call.Arguments[0]);
        var one = ComplexBall.Of(Ball.One);
        switch (call.Function)
        {
            case "sin": return x.Sin();
            case "cos": return x.Cos();
            case "tan": return x.Sin() / x.Cos();
            case "cot": return x.Cos() / x.Sin();
            case "sec": return one / x.Cos();
            case "csc": return one / x.Sin();
            case "sinh": return (x.Exp() - (-x).Exp()) / ComplexBall.Of(Ball.Of(2));
            case "cosh": return (x.Exp() + (-x).Exp()) / ComplexBall.Of(Ball.Of(2));
            case "tanh": return (x.Exp() - (-x).Exp()) / (x.Exp() + (-x).Exp());
            case "ln": return isComplex || Real(x).IsPositive ? x.Ln() : throw new UndefinedValueException();
            case "abs": return ComplexBall.Of(x.Magnitude());
            case "Re": return ComplexBall.Of(x.Real);
            case "Im": return ComplexBall.Of(x.Imaginary);
            case "arctan": return ComplexBall.Of(BallFunctions.Atan(Real(x)));
            case "arccot": return ComplexBall.Of((BallFunctions.Pi * Ball.Of(new Rational(1, 2))) - BallFunctions.Atan(Real(x)));
            case "arcsin": return ComplexBall.Of(InverseSine(Real(x)));
            case "arccos": return ComplexBall.Of((BallFunctions.Pi * Ball.Of(new Rational(1, 2))) - InverseSine(Real(x)));
            case "floor" or "ceil": return ComplexBall.Of(Rounded(call.Arguments[0], Real(x), call.Function == "ceil"));
            case "max" or "min" or "gcd" or "lcm": return x;
            default: return ComplexBall.Of(Ball.Of(Unknown(call, x)));
        }
    }

    /// <summary>Some value for an unknown function: the same wherever its argument is the same.</summary>
    private Rational Unknown(Call call, ComplexBall argument)
    {
        if (FunctionNames.Canonical(call.Function) is not null)
            throw new UnreadableException();
        var coarse = (Real(argument).Middle >> (Ball.Bits - 64)) + 1 >> 4;
        return point($"{call.Function}({coarse})");
    }

    private static Ball Real(ComplexBall value) => value.IsReal ? value.Real : throw new UndefinedValueException();

    private static Ball InverseSine(Ball x)
    {
        var rest = Ball.One - (x * x);
        if (rest.IsPositive)
            return BallFunctions.Atan(x / BallFunctions.Sqrt(rest));
        var half = BallFunctions.Pi * Ball.Of(new Rational(1, 2));
        return x == Ball.One ? half : x == -Ball.One ? -half : throw new UndefinedValueException();
    }

    private static Ball Rounded(Expression argument, Ball value, bool up)
    {
        if (ExactValue.Of(argument) is { } exact)
            return Ball.Of(new Rational(up ? -(-exact).Floor() : exact.Floor()));
        var (low, high) = ((value.Middle - value.Radius) >> Ball.Bits, (value.Middle + value.Radius) >> Ball.Bits);
        return low == high ? Ball.Of(new Rational(up ? low + 1 : low)) : throw new UndefinedValueException();
    }

    /// <summary>An argument that has to be a whole number.</summary>
    private Rational Whole(Expression argument)
    {
        var value = Real(Of(argument));
        var whole = (value.Middle + (Ball.Unit >> 1)) >> Ball.Bits;
        var isWhole = BigInteger.Abs(value.Middle - (whole << Ball.Bits)) <= value.Radius + 16 && BigInteger.Abs(whole) <= LargestWhole * 1000;
        return isWhole ? new Rational(whole) : ExactValue.Of(argument) ?? throw new UndefinedValueException();
    }
}
