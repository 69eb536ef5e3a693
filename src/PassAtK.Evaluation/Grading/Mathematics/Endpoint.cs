namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>An end of an interval: a number or an infinity.</summary>
/// <param name="Infinity">-1 or 1 at an infinity, else 0.</param>
/// <param name="Position">Where it lies; meaningless at an infinity.</param>
/// <param name="Expression">As it was written.</param>
internal readonly record struct Endpoint(int Infinity, Ball Position, Expression Expression)
{
    public static Endpoint Lowest => new(-1, Ball.Zero, new Symbol(ConstantNames.Infinity));

    public static Endpoint Highest => new(1, Ball.Zero, new Symbol(ConstantNames.Infinity));

    /// <summary>Null where the expression has no numeric value, as endpoints with variables have.</summary>
    public static Endpoint? Of(Expression expression, ScalarComparison scalars)
    {
        switch (expression)
        {
            case Symbol { Name: ConstantNames.Infinity }:
                return Highest;
            case Product { Factors: [NumberLiteral { Value.Sign: < 0 }, Symbol { Name: ConstantNames.Infinity }] }:
                return Lowest;
            default:
                return scalars.ValueOf(expression) is { } position ? new Endpoint(0, position, expression) : null;
        }
    }

    /// <summary>-1, 0 or 1; 0 also where the balls cannot tell them apart.</summary>
    public int CompareTo(Endpoint other)
    {
        if (Infinity != 0 || other.Infinity != 0)
            return Infinity.CompareTo(other.Infinity);
        var difference = Position - other.Position;
        return difference.IsPositive ? 1 : difference.IsNegative ? -1 : 0;
    }
}
