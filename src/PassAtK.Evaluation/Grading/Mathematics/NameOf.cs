namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Left sides that only name what the right side says: `x`, `f(x)`, `f^{-1}(x)`, `(p,q)`, `AB`, `|AB|`, `V_1:V_2`, `\frac{dy}{dx}`.
/// </summary>
internal static class NameOf
{
    public static bool IsName(Expression expression) => expression switch
    {
        Symbol symbol => !ConstantNames.IsConstant(symbol.Name),
        // |AB| = 10 is a length; |z| = 2 is an equation.
        Call { Function: "abs", Arguments: [Product length] } => IsName(length),
        Call call => FunctionNames.Canonical(call.Function) is null,
        Product { Factors: [Power { Base: Symbol { Name: "f" or "g" or "h" } }, _] } => true,
        Product product => product.Factors.All(factor => factor is Symbol { Name: [>= 'A' and <= 'Z', ..] }),
        Quotient { Above: Product { Factors: [Symbol { Name: "d" }, ..] }, Below: Product { Factors: [Symbol { Name: "d" }, ..] } } => true,
        Sequence { Open: '(' } tuple => tuple.Items.All(IsName),
        Ratio ratio => ratio.Parts.All(IsName),
        _ => false,
    };

    /// <summary>
    /// The value of `f(t) = t^2` with the argument of `f(x) = ...`: an argument's name is free. Null where they are not the same function
    /// of single variables, or the new name occurs already.
    /// </summary>
    public static Expression? Renamed(Assignment assignment, Assignment like)
    {
        if (assignment.Name is not Call { Arguments: [Symbol from] } name || like.Name is not Call { Arguments: [Symbol to] } model)
            return null;
        if (name.Function != model.Function || ExpressionTree.Any(assignment.Value, part => part is Symbol symbol && symbol.Name == to.Name))
            return null;
        return Replaced(assignment.Value, from.Name, to);
    }

    private static Expression Replaced(Expression expression, string name, Symbol by) =>
        expression is Symbol symbol ? symbol.Name == name ? by : symbol : ExpressionTree.Map(expression, part => Replaced(part, name, by));

    /// <summary>One text for each name.</summary>
    public static string Text(Expression name) => name switch
    {
        Symbol symbol => symbol.Name,
        Call call => $"{call.Function}({string.Join(',', call.Arguments.Select(Text))})",
        NumberLiteral number => number.Digits,
        _ => string.Join(',', ExpressionTree.Children(name).Select(Text)),
    };
}
