namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>An answer as the parser read it. Nothing is simplified yet.</summary>
internal abstract record Expression;

/// <summary>A number as it was written.</summary>
/// <param name="Value">Its exact value.</param>
/// <param name="Decimals">Digits after the decimal point; -1 if there was none.</param>
/// <param name="Digits">How it was written, without separators.</param>
internal sealed record NumberLiteral(Rational Value, int Decimals, string Digits) : Expression
{
    public static NumberLiteral Of(Rational value) => new(value, -1, value.ToString());
}

/// <summary>`204_5`: digits in a base other than ten.</summary>
internal sealed record Numeral(string Digits, int Base) : Expression;

/// <summary>A variable, or a constant of <see cref="ConstantNames"/>.</summary>
internal sealed record Symbol(string Name) : Expression;

internal sealed record Sum(IReadOnlyList<Expression> Terms) : Expression;

internal sealed record Product(IReadOnlyList<Expression> Factors) : Expression;

internal sealed record Quotient(Expression Above, Expression Below) : Expression;

internal sealed record Power(Expression Base, Expression Exponent) : Expression;

/// <summary>A function of <see cref="FunctionNames"/>, or an unknown one such as f.</summary>
internal sealed record Call(string Function, IReadOnlyList<Expression> Arguments) : Expression;

/// <summary>Both values; all signs of one answer go together, the flipped ones (`\mp`) opposite.</summary>
internal sealed record PlusMinus(Expression Value, bool Flipped) : Expression;

internal sealed record Percentage(Expression Value) : Expression;

internal sealed record Degrees(Expression Value) : Expression;

/// <summary>A value with the words behind it, or a currency sign before it.</summary>
internal sealed record Quantity(Expression Value, string Unit) : Expression;

/// <summary>`11:21`, or a time of day.</summary>
internal sealed record Ratio(IReadOnlyList<Expression> Parts) : Expression;

/// <summary>Items between brackets: `(1,2)`, `[1,2)`, `\{1,2\}`; a list without brackets has two blanks.</summary>
internal sealed record Sequence(char Open, char Close, IReadOnlyList<Expression> Items) : Expression
{
    public const char None = ' ';

    public bool IsList => Open == None;

    public bool IsSet => Open == '{';

    /// <summary>Of a list: `or` alone connects its items, so that conditions are alternatives.</summary>
    public bool IsChoice { get; init; }

    /// <summary>Whether it can be read as an interval.</summary>
    public bool IsInterval => Items.Count == 2 && Open is '(' or '[';

    public static Sequence List(IReadOnlyList<Expression> items) => new(None, None, items);
}

/// <summary>`A \cup B` (u), `A \cap B` (n), `A \setminus B` (\).</summary>
internal sealed record SetOperation(char Operation, Expression Left, Expression Right) : Expression;

/// <summary>A chain such as `0 &lt; x \le 5`: one operator fewer than operands.</summary>
internal sealed record Relation(IReadOnlyList<Expression> Operands, IReadOnlyList<char> Operators) : Expression;

internal sealed record Matrix(IReadOnlyList<IReadOnlyList<Expression>> Rows) : Expression;
