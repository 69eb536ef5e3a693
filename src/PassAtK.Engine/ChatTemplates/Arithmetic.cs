using System.Globalization;
using System.Numerics;
using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>Python's + - * / // % ** and unary minus, on numbers, strings and lists.</summary>
internal static class Arithmetic
{
    /// <summary>Most bits of an int; nothing a prompt needs comes near.</summary>
    private const int MaxBits = 8192;

    public static TemplateValue Apply(Rendering rendering, string symbol, TemplateValue left, TemplateValue right)
    {
        // A format takes an undefined value as an empty text; all other operations refuse it.
        var isFormat = symbol == "%" && left is StringValue;
        if ((left as UndefinedValue ?? (isFormat ? null : right as UndefinedValue)) is { } undefined)
            throw rendering.Fail(undefined.Complaint);
        if (Number.TryGet(left, out var leftNumber) && Number.TryGet(right, out var rightNumber))
            return OnNumbers(rendering, symbol, leftNumber, rightNumber);
        return (symbol, left, right) switch
        {
            ("+", StringValue leftText, StringValue rightText) => Concatenate(rendering, leftText.Value, rightText.Value),
            ("+", ListValue leftList, ListValue rightList) => rendering.List([.. leftList.Items, .. rightList.Items]),
            ("+", TupleValue leftTuple, TupleValue rightTuple) =>
                new TupleValue(rendering.List([.. leftTuple.Items, .. rightTuple.Items]).Items),
            ("*", StringValue or ListValue or TupleValue, IntegerValue or BooleanValue) =>
                Repeat(rendering, left, ToInteger(right)),
            ("*", IntegerValue or BooleanValue, StringValue or ListValue or TupleValue) => Repeat(rendering, right, ToInteger(left)),
            ("%", StringValue format, _) => PercentFormat.Format(rendering, format.Value, right),
            _ => throw rendering.Fail($"'{symbol}' does not work on {left.TypeName} and {right.TypeName}"),
        };
    }

    public static TemplateValue Negate(Rendering rendering, TemplateValue value)
    {
        if (!Number.TryGet(value, out var number))
            throw rendering.Fail(value is UndefinedValue undefined ? undefined.Complaint : $"'-' does not work on {value.TypeName}");
        return number.IsFloat ? new FloatValue(-number.Float) : new IntegerValue(-number.Integer);
    }

    public static TemplateValue Plus(Rendering rendering, TemplateValue value)
    {
        if (!Number.TryGet(value, out var number))
            throw rendering.Fail(value is UndefinedValue undefined ? undefined.Complaint : $"'+' does not work on {value.TypeName}");
        return number.IsFloat ? value : new IntegerValue(number.Integer);
    }

    private static StringValue Concatenate(Rendering rendering, string left, string right)
    {
        rendering.WorkOnText((long)left.Length + right.Length);
        return new StringValue(left + right);
    }

    private static BigInteger ToInteger(TemplateValue value) => Number.TryGet(value, out var number) ? number.Integer : default;

    private static TemplateValue Repeat(Rendering rendering, TemplateValue value, BigInteger times)
    {
        var length = value is StringValue text ? text.Value.Length : Iteration.Length(rendering, value);
        var total = BigInteger.Max(0, times) * length;
        var bounded = (long)BigInteger.Min(total, long.MaxValue);
        if (value is StringValue repeated)
        {
            rendering.WorkOnText(bounded);
            return new StringValue(new StringBuilder().Insert(0, repeated.Value, length == 0 ? 0 : (int)(bounded / length)).ToString());
        }
        rendering.WorkOnItems(bounded);
        var items = Iteration.Items(rendering, value);
        List<TemplateValue> all = [.. Enumerable.Range(0, (int)bounded).Select(i => items[i % length])];
        return value is TupleValue ? new TupleValue(all) : new ListValue(all);
    }

    private static TemplateValue OnNumbers(Rendering rendering, string symbol, Number left, Number right)
    {
        if (symbol is "/" or "//" or "%" && right.IsZero)
            throw rendering.Fail($"'{symbol}' divides by zero");
        if (symbol == "**")
            return Power(rendering, left, right);
        if (symbol == "/" || left.IsFloat || right.IsFloat)
            return new FloatValue(OnFloats(symbol, left.AsFloat, right.AsFloat));
        return Integer(rendering, OnIntegers(symbol, left.Integer, right.Integer));
    }

    private static BigInteger OnIntegers(string symbol, BigInteger left, BigInteger right)
    {
        switch (symbol)
        {
            case "+": return left + right;
            case "-": return left - right;
            case "*": return left * right;
        }
        // Python rounds the quotient down and gives the remainder the divisor's sign.
        var quotient = BigInteger.DivRem(left, right, out var remainder);
        var adjust = !remainder.IsZero && remainder.Sign != right.Sign;
        return symbol == "//" ? quotient - (adjust ? 1 : 0) : remainder + (adjust ? right : 0);
    }

    private static double OnFloats(string symbol, double left, double right)
    {
        switch (symbol)
        {
            case "+": return left + right;
            case "-": return left - right;
            case "*": return left * right;
            case "/": return left / right;
        }
        var remainder = left % right;
        var quotient = (left - remainder) / right;
        if (remainder != 0 && double.IsNegative(remainder) != double.IsNegative(right))
        {
            remainder += right;
            quotient -= 1;
        }
        if (symbol == "%")
            return remainder == 0 ? double.CopySign(0, right) : remainder;
        return quotient == 0 ? double.CopySign(0, left / right) : Math.Round(quotient, MidpointRounding.ToEven);
    }

    private static TemplateValue Power(Rendering rendering, Number left, Number right)
    {
        if (left.IsZero && (right.IsFloat ? right.Float < 0 : right.Integer.Sign < 0))
            throw rendering.Fail("0 has no negative power");
        if (left.IsFloat || right.IsFloat || right.Integer.Sign < 0)
        {
            var power = Math.Pow(left.AsFloat, right.AsFloat);
            var inputsFinite = double.IsFinite(left.AsFloat) && double.IsFinite(right.AsFloat);
            return inputsFinite && !double.IsFinite(power)
                ? throw rendering.Fail("the result of '**' is no float")
                : new FloatValue(power);
        }
        var bits = BigInteger.Abs(left.Integer).GetBitLength() * right.Integer;
        if (!(left.Integer.IsZero || BigInteger.Abs(left.Integer).IsOne) && bits > 2 * MaxBits)
            throw rendering.Fail($"an int of more than {MaxBits} bits");
        if (left.Integer.IsZero || left.Integer.IsOne)
            return Integer(rendering, right.Integer.IsZero ? 1 : left.Integer);
        if (left.Integer == BigInteger.MinusOne)
            return Integer(rendering, right.Integer.IsEven ? 1 : -1);
        return Integer(rendering, BigInteger.Pow(left.Integer, (int)right.Integer));
    }

    private static IntegerValue Integer(Rendering rendering, BigInteger value) => value.GetBitLength() <= MaxBits
        ? new IntegerValue(value)
        : throw rendering.Fail($"an int has more than {MaxBits.ToString(CultureInfo.InvariantCulture)} bits");
}
