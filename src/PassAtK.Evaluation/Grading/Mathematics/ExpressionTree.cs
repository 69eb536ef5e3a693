namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Walks expressions.</summary>
internal static class ExpressionTree
{
    public static IEnumerable<Expression> Children(Expression expression) => expression switch
    {
        Sum sum => sum.Terms,
        Product product => product.Factors,
        Quotient quotient => [quotient.Above, quotient.Below],
        Power power => [power.Base, power.Exponent],
        Call call => call.Arguments,
        PlusMinus both => [both.Value],
        Percentage percentage => [percentage.Value],
        Degrees degrees => [degrees.Value],
        Quantity quantity => [quantity.Value],
        Ratio ratio => ratio.Parts,
        Sequence sequence => sequence.Items,
        SetOperation operation => [operation.Left, operation.Right],
        Relation relation => relation.Operands,
        Assignment assignment => [assignment.Name, assignment.Value],
        Record record => record.Values,
        Matrix matrix => matrix.Rows.SelectMany(row => row),
        _ => [],
    };

    /// <summary>The same with each child replaced.</summary>
    public static Expression Map(Expression expression, Func<Expression, Expression> change) => expression switch
    {
        Sum sum => new Sum([.. sum.Terms.Select(change)]),
        Product product => new Product([.. product.Factors.Select(change)]),
        Quotient quotient => new Quotient(change(quotient.Above), change(quotient.Below)),
        Power power => new Power(change(power.Base), change(power.Exponent)),
        Call call => new Call(call.Function, [.. call.Arguments.Select(change)]),
        PlusMinus both => new PlusMinus(change(both.Value), both.Flipped),
        Percentage percentage => new Percentage(change(percentage.Value)),
        Degrees degrees => new Degrees(change(degrees.Value)),
        Quantity quantity => new Quantity(change(quantity.Value), quantity.Unit),
        Ratio ratio => new Ratio([.. ratio.Parts.Select(change)]),
        Sequence sequence => sequence with { Items = [.. sequence.Items.Select(change)] },
        SetOperation operation => new SetOperation(operation.Operation, change(operation.Left), change(operation.Right)),
        Relation relation => new Relation([.. relation.Operands.Select(change)], relation.Operators),
        Assignment assignment => new Assignment(change(assignment.Name), change(assignment.Value)),
        Record record => new Record(record.Names, [.. record.Values.Select(change)]),
        Matrix matrix => new Matrix([.. matrix.Rows.Select(row => (IReadOnlyList<Expression>)[.. row.Select(change)])]),
        _ => expression,
    };

    public static bool Any(Expression expression, Func<Expression, bool> holds) =>
        holds(expression) || Children(expression).Any(child => Any(child, holds));

    /// <summary>Whether a variable or an unknown function occurs.</summary>
    public static bool HasVariables(Expression expression) =>
        Any(expression, part => part is Symbol symbol && !ConstantNames.IsConstant(symbol.Name)
            || (part is Call call && FunctionNames.Canonical(call.Function) is null && call.Function != "transpose"));
}
