namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Left sides that only name what the right side says: `x`, `f(x)`, `f^{-1}(x)`, `(p,q)`, `AB`, `V_1:V_2`, `\frac{dy}{dx}`.</summary>
internal static class NameOf
{
    public static bool IsName(Expression expression) => expression switch
    {
        Symbol symbol => !ConstantNames.IsConstant(symbol.Name),
        Call call => FunctionNames.Canonical(call.Function) is null,
        Product { Factors: [Power { Base: Symbol { Name: "f" or "g" or "h" } }, _] } => true,
        Product product => product.Factors.All(factor => factor is Symbol { Name: [>= 'A' and <= 'Z', ..] }),
        Quotient { Above: Product { Factors: [Symbol { Name: "d" }, ..] }, Below: Product { Factors: [Symbol { Name: "d" }, ..] } } => true,
        Sequence { Open: '(' } tuple => tuple.Items.All(IsName),
        Ratio ratio => ratio.Parts.All(IsName),
        _ => false,
    };

    /// <summary>One text for each name.</summary>
    public static string Text(Expression name) => name switch
    {
        Symbol symbol => symbol.Name,
        Call call => $"{call.Function}({string.Join(',', call.Arguments.Select(Text))})",
        NumberLiteral number => number.Digits,
        _ => string.Join(',', ExpressionTree.Children(name).Select(Text)),
    };
}
