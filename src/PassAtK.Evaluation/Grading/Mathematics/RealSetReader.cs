namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Reads sets of reals: intervals, finite sets, their unions, intersections and differences, and inequalities in one variable.
/// </summary>
internal sealed class RealSetReader(ScalarComparison scalars, WorkBudget budget)
{
    private static readonly Expression Half = new Quotient(NumberLiteral.Of(1), NumberLiteral.Of(2));

    /// <summary>Whether it can only be meant as a set of reals, so that the other side should be read as one too.</summary>
    public static bool IsSetLike(Expression expression) => expression switch
    {
        SetOperation or Symbol { Name: ConstantNames.Reals } => true,
        Relation relation => relation.Operators.All(sign => sign is '<' or '>' or '≤' or '≥' or '≠'),
        Sequence { IsList: true } list => list.Items.All(item => item is Relation && IsSetLike(item)),
        _ => false,
    };

    /// <summary>Null where it is no set of reals, or its ends have no numeric value.</summary>
    public RealSet? Read(Expression expression)
    {
        budget.Spend(20);
        switch (expression)
        {
            case Symbol { Name: ConstantNames.Reals }:
                return RealSet.All;
            case Symbol { Name: ConstantNames.Empty } or Sequence { IsSet: true, Items.Count: 0 }:
                return RealSet.Empty;
            case Sequence { IsInterval: true } interval:
                return Interval(interval.Items[0], interval.Items[1], interval.Open == '[', interval.Close == ']');
            case Sequence { IsSet: true } set:
                return set.Items.Select(Point)
                    .Aggregate(RealSet.Empty, (RealSet? all, RealSet? item) => item is null ? null : all?.Union(item));
            case SetOperation operation:
                return Combine(operation);
            case Relation relation when IsSetLike(relation):
                return Chain(relation);
            case Sequence { IsList: true } list when IsSetLike(list):
                return Several(list);
            default:
                return null;
        }
    }

    private RealSet? Point(Expression value) => Interval(value, value, true, true);

    private RealSet? Interval(Expression low, Expression high, bool closedLow, bool closedHigh) =>
        Endpoint.Of(low, scalars) is { } from && Endpoint.Of(high, scalars) is { } to ? RealSet.Of(from, to, closedLow, closedHigh) : null;

    private RealSet? Combine(SetOperation operation)
    {
        if (Read(operation.Left) is not { } left || Read(operation.Right) is not { } right)
            return null;
        return operation.Operation switch
        {
            'u' => left.Union(right),
            'n' => left.Intersection(right),
            _ => left.Intersection(right.Complement()),
        };
    }

    /// <summary>
    /// Conditions side by side: alternatives after `or` and where they exclude each other (`x &lt; 2, x &gt; 3`), else all together.
    /// </summary>
    private RealSet? Several(Sequence list)
    {
        RealSet? all = null;
        foreach (var item in list.Items)
        {
            if (Read(item) is not { } set)
                return null;
            all = all is null ? set
                : !list.IsChoice && all.Intersection(set) is { Intervals.Count: > 0 } common ? common
                : all.Union(set);
        }
        return all;
    }

    private RealSet? Chain(Relation relation)
    {
        RealSet? all = RealSet.All;
        for (var at = 0; at < relation.Operators.Count && all is not null; at++)
        {
            var pair = Pair(relation.Operands[at], relation.Operators[at], relation.Operands[at + 1]);
            all = pair is null ? null : all.Intersection(pair);
        }
        return all;
    }

    private RealSet? Pair(Expression left, char sign, Expression right)
    {
        if (!ExpressionTree.HasVariables(right))
            return Solve(left, sign, right);
        return ExpressionTree.HasVariables(left) ? null : Solve(right, Flipped(sign), left);
    }

    /// <summary>What the variable may be: of `x`, `f(x)`, `|x|`, `x^2` and `a x + b` against a number.</summary>
    private RealSet? Solve(Expression unknown, char sign, Expression bound)
    {
        switch (unknown)
        {
            case Call { Function: "abs", Arguments: [var inside] } when NameOf.IsName(inside):
                return Symmetric(sign, bound);
            case Power { Base: var squared, Exponent: NumberLiteral { Value: var two } } when NameOf.IsName(squared) && two == 2:
                return Symmetric(sign, new Power(bound, Half));
            case Symbol or Call when NameOf.IsName(unknown):
                return Ray(sign, bound);
        }
        return LinearInequality.Solve(unknown, bound, budget) is { } solved
            ? Ray(solved.Flips ? Flipped(sign) : sign, solved.Bound)
            : null;
    }

    private RealSet? Ray(char sign, Expression bound)
    {
        if (Endpoint.Of(bound, scalars) is not { } end)
            return null;
        return sign switch
        {
            '<' or '≤' => RealSet.Of(Endpoint.Lowest, end, false, sign == '≤'),
            '>' or '≥' => RealSet.Of(end, Endpoint.Highest, sign == '≥', false),
            _ => RealSet.Of(end, end, true, true).Complement(),
        };
    }

    private RealSet? Symmetric(char sign, Expression bound)
    {
        var (low, high) = (ScalarParser.Negated(bound), bound);
        return sign switch
        {
            '<' or '≤' => Interval(low, high, sign == '≤', sign == '≤'),
            '>' or '≥' => Interval(low, high, sign == '>', sign == '>')?.Complement(),
            _ => Point(low) is { } first && Point(high) is { } second ? first.Union(second).Complement() : null,
        };
    }

    private static char Flipped(char sign) => sign switch { '<' => '>', '>' => '<', '≤' => '≥', '≥' => '≤', _ => sign };
}
