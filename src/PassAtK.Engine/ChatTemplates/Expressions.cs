namespace PassAtK.Engine.ChatTemplates;

/// <summary>A node of an expression's syntax tree; `Line` is where it starts in the template.</summary>
internal abstract record Expression(int Line);

internal sealed record Literal(int Line, TemplateValue Value) : Expression(Line);

internal sealed record NameExpression(int Line, string Name) : Expression(Line);

internal sealed record ListExpression(int Line, IReadOnlyList<Expression> Items) : Expression(Line);

internal sealed record TupleExpression(int Line, IReadOnlyList<Expression> Items) : Expression(Line);

internal sealed record DictExpression(int Line, IReadOnlyList<(Expression Key, Expression Value)> Entries) : Expression(Line);

/// <summary>`target.name`</summary>
internal sealed record AttributeExpression(int Line, Expression Target, string Name) : Expression(Line);

/// <summary>`target[index]`</summary>
internal sealed record ItemExpression(int Line, Expression Target, Expression Index) : Expression(Line);

/// <summary>`target[start:stop:step]`</summary>
internal sealed record SliceExpression(int Line, Expression Target, Expression? Start, Expression? Stop, Expression? Step)
    : Expression(Line);

/// <summary>`target(arguments)`</summary>
internal sealed record CallExpression(int Line, Expression Target, Arguments Arguments) : Expression(Line);

/// <summary>`target | name(arguments)`; without a target it filters the body of a filter or set block.</summary>
internal sealed record FilterExpression(int Line, Expression? Target, string Name, Arguments Arguments) : Expression(Line);

/// <summary>`target is name(arguments)`</summary>
internal sealed record TestExpression(int Line, Expression Target, string Name, Arguments Arguments) : Expression(Line);

/// <summary>`-` or `+` before an operand.</summary>
internal sealed record SignExpression(int Line, string Symbol, Expression Operand) : Expression(Line);

internal sealed record ArithmeticExpression(int Line, string Symbol, Expression Left, Expression Right) : Expression(Line);

/// <summary>Operands joined by `~`.</summary>
internal sealed record ConcatenationExpression(int Line, IReadOnlyList<Expression> Operands) : Expression(Line);

/// <summary>A chain of comparisons, as in `0 &lt; x &lt;= 9`; each operand is evaluated at most once.</summary>
internal sealed record ComparisonExpression(int Line, Expression First, IReadOnlyList<(string Symbol, Expression Operand)> Rest)
    : Expression(Line);

internal sealed record NotExpression(int Line, Expression Operand) : Expression(Line);

/// <summary>`and` or `or`: gives the operand that decided.</summary>
internal sealed record LogicalExpression(int Line, bool IsAnd, Expression Left, Expression Right) : Expression(Line);

/// <summary>`value if condition else otherwise`; without `else` it may be undefined.</summary>
internal sealed record ConditionalExpression(int Line, Expression Condition, Expression Value, Expression? Otherwise) : Expression(Line);

/// <summary>The arguments of a call as written: `f(a, name=b, *sequence, **dict)`.</summary>
internal sealed record Arguments(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Keywords, Expression? Sequence, Expression? Dict)
{
    public static Arguments None { get; } = new([], [], null, null);
}
