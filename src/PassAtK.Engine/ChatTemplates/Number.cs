using System.Numerics;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>An int (exact) or a float, as Python's arithmetic sees them; True and False are the ints 1 and 0.</summary>
internal readonly record struct Number(bool IsFloat, BigInteger Integer, double Float)
{
    public double AsFloat => IsFloat ? Float : (double)Integer;

    public bool IsZero => IsFloat ? Float == 0 : Integer.IsZero;

    public static bool TryGet(TemplateValue value, out Number number)
    {
        number = value switch
        {
            IntegerValue integer => new Number(false, integer.Value, 0),
            BooleanValue boolean => new Number(false, boolean.Value ? 1 : 0, 0),
            FloatValue floating => new Number(true, default, floating.Value),
            _ => default,
        };
        return value is IntegerValue or BooleanValue or FloatValue;
    }

    /// <summary>Negative, zero or positive; null when one side is not a number (NaN). Exact, however large the int is.</summary>
    public static int? Compare(Number left, Number right)
    {
        if (!left.IsFloat && !right.IsFloat)
            return left.Integer.CompareTo(right.Integer);
        if (double.IsNaN(left.Float) || double.IsNaN(right.Float))
            return null;
        if (left.IsFloat && right.IsFloat)
            return left.Float.CompareTo(right.Float);
        return left.IsFloat ? CompareToInteger(left.Float, right.Integer) : -CompareToInteger(right.Float, left.Integer);
    }

    private static int CompareToInteger(double left, BigInteger right)
    {
        if (double.IsInfinity(left))
            return left > 0 ? 1 : -1;
        var whole = Math.Floor(left);
        var order = new BigInteger(whole).CompareTo(right);
        return order == 0 && left > whole ? 1 : order;
    }
}
