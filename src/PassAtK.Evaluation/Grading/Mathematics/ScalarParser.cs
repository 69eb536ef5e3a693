using System.Globalization;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Reads sums, products and powers. Products need no sign (`2x`, `\pi r`); `1\frac{1}{2}` and `1 1/2` are mixed numbers; words behind a
/// value are its unit.
/// </summary>
internal sealed class ScalarParser
{
    private readonly TokenReader _tokens;
    private readonly PrimaryParser _primaries;

    public ScalarParser(TokenReader tokens, ExpressionParser expressions)
    {
        _tokens = tokens;
        _primaries = new PrimaryParser(tokens, expressions, this);
    }

    /// <summary>A sum and its unit, if it has one.</summary>
    public Expression Quantity()
    {
        var negative = _tokens.Next.Is('-') && UnitParser.IsCurrency(_tokens.Peek(1));
        if (!negative && !UnitParser.IsCurrency(_tokens.Next))
            return UnitParser.Read(_tokens, Sum());
        if (negative)
            _tokens.Take();
        var currency = _tokens.Take().Text[1..];
        var value = negative ? Negated(Sum()) : Sum();
        // The sign says more than words such as `per hour` behind the number, `million` apart.
        return UnitParser.Read(_tokens, value) switch
        {
            Percentage percentage => percentage,
            Quantity { Unit: var words } when !UnitTable.Multiple(words).IsOne => new Quantity(value, $"{words.Split(' ')[0]} {currency}"),
            _ => new Quantity(value, currency),
        };
    }

    public Expression Sum()
    {
        using var level = _tokens.Enter();
        var terms = new List<Expression> { Term() };
        while (_tokens.Next is { Kind: TokenKind.Symbol, Text: "+" or "-" or "±" or "∓" })
            terms.Add(Term());
        return terms.Count == 1 ? terms[0] : new Sum(terms);
    }

    public static Expression Negated(Expression value) => value switch
    {
        NumberLiteral number => new NumberLiteral(-number.Value, number.Decimals, "-" + number.Digits),
        _ => new Product([NumberLiteral.Of(Rational.MinusOne), value]),
    };

    /// <summary>A product with its signs.</summary>
    private Expression Term()
    {
        var negative = false;
        char? both = null;
        while (_tokens.Next is { Kind: TokenKind.Symbol, Text: "+" or "-" or "±" or "∓" } sign)
        {
            _tokens.Take();
            negative ^= sign.Text == "-";
            if (sign.Text is "±" or "∓")
                both = both is null ? sign.Text[0] : throw new UnreadableException();
        }
        var value = Product();
        if (negative)
            value = Negated(value);
        return both is null ? value : new PlusMinus(value, both == '∓');
    }

    private Expression Product()
    {
        var value = Factor();
        var quotients = 0;
        while (true)
        {
            if (_tokens.TryTake('*'))
            {
                value = Times(value, SignedFactor());
            }
            else if (_tokens.TryTake('/'))
            {
                TokenReader.Link(ref quotients);
                value = new Quotient(value, SignedFactor());
            }
            else if (UnitParser.Starts(_tokens, value) || !_primaries.Starts())
            {
                return value;
            }
            else
            {
                value = Juxtaposed(value);
            }
        }
    }

    /// <summary>The argument of a function without brackets: `\sin 2x`.</summary>
    public Expression BareArgument()
    {
        using var level = _tokens.Enter();
        var negative = _tokens.TryTake('-');
        var value = Factor();
        while (_primaries.Starts() && !_primaries.StartsFunction() && !UnitParser.Starts(_tokens, value))
            value = Times(value, Factor());
        if (_tokens.Next.Is('/') && _tokens.Peek(1).Kind == TokenKind.Number && value is not Call)
        {
            _tokens.Take();
            value = new Quotient(value, Factor());
        }
        return negative ? Negated(value) : value;
    }

    private Expression Juxtaposed(Expression value)
    {
        var startsNumber = _tokens.Next.Kind == TokenKind.Number;
        // Words after names are a sentence.
        if (_tokens.Next is { Kind: TokenKind.Word, Spaced: true, Text.Length: > 1 } word && !WordTable.IsName(word.Text)
            && FunctionNames.PrefixOf(word.Text) is null && ExpressionTree.HasVariables(value))
        {
            throw new UnreadableException();
        }
        if (value is NumberLiteral { Decimals: < 0, Value: { IsInteger: true } whole })
        {
            if (startsNumber && _tokens.Next.Spaced && _tokens.Peek(1).Is('/') && _tokens.Peek(2).Kind == TokenKind.Number)
            {
                var above = Factor();
                _tokens.Expect('/');
                return Mixed(value, whole, new Quotient(above, Factor())) ?? throw new UnreadableException();
            }
            if (_tokens.Next is { Kind: TokenKind.Command, Text: "frac" })
            {
                var fraction = Factor();
                return (Expression?)Mixed(value, whole, fraction) ?? Times(value, fraction);
            }
        }
        // 3 4 is no product.
        if (startsNumber && (value is NumberLiteral || (value is Product product && product.Factors[^1] is NumberLiteral)))
            throw new UnreadableException();
        return Times(value, Factor());
    }

    /// <summary>A whole number and a proper fraction after it.</summary>
    private static Sum? Mixed(Expression value, Rational whole, Expression fraction) =>
        fraction is Quotient
        {
            Above: NumberLiteral { Value: { IsInteger: true, Sign: > 0 } above },
            Below: NumberLiteral { Value: { IsInteger: true } below },
        }
        && above < below && whole.Sign >= 0
            ? new Sum([value, fraction])
            : null;

    private Expression SignedFactor()
    {
        using var level = _tokens.Enter();
        if (_tokens.TryTake('-'))
            return Negated(SignedFactor());
        return _tokens.TryTake('+') ? SignedFactor() : Factor();
    }

    /// <summary>A primary with its powers and the signs after it.</summary>
    public Expression Factor()
    {
        using var level = _tokens.Enter();
        var value = _primaries.Primary();
        for (var links = 0; ; TokenReader.Link(ref links))
        {
            if (_tokens.TryTake('^'))
                value = Raised(value);
            else if (_tokens.TryTake('!'))
                value = new Call("factorial", [value]);
            else if (_tokens.TryTake('%'))
                value = new Percentage(value);
            else if (_tokens.TryTake('°'))
                value = AfterDegreeSign(value);
            else if (_tokens.TryTake('\''))
                value = value is Symbol symbol ? new Symbol(symbol.Name + "'") : throw new UnreadableException();
            else
                return value;
        }
    }

    private Expression Raised(Expression value)
    {
        if (_tokens.TryTake('°'))
            return AfterDegreeSign(value);
        var isTransposed = value is Matrix && _tokens.Next is { Kind: TokenKind.Word, Text: "T" };
        if (isTransposed)
            _tokens.Take();
        if (isTransposed || _tokens.TryTake('⊤'))
            return new Call("transpose", [value]);
        if (_tokens.TryTake('\''))
            return value is Symbol symbol ? new Symbol(symbol.Name + "'") : throw new UnreadableException();
        if (_tokens.Next.Is('{') && _tokens.Peek(1).Is('°') && _tokens.Peek(2).Is('}'))
        {
            _tokens.Take();
            _tokens.Take();
            _tokens.Take();
            return AfterDegreeSign(value);
        }
        return new Power(value, Exponent());
    }

    public Expression Exponent()
    {
        using var level = _tokens.Enter();
        if (_tokens.TryTake('-'))
            return Negated(Exponent());
        _primaries.SplitWord();
        var exponent = _primaries.Primary();
        return _tokens.TryTake('^') ? new Power(exponent, Exponent()) : exponent;
    }

    /// <summary>The letters of `°C` and `°F` are the unit's.</summary>
    private Expression AfterDegreeSign(Expression value)
    {
        if (_tokens.Next is { Kind: TokenKind.Word or TokenKind.Text, Text: "C" or "F" } scale)
        {
            _tokens.Take();
            return new Quantity(value, "°" + scale.Text);
        }
        return new Degrees(value);
    }

    private static Product Times(Expression left, Expression right) =>
        left is Product product ? new Product([.. product.Factors, right]) : new Product([left, right]);

    /// <summary>The exact value of digits as <see cref="NumberReader"/> writes them.</summary>
    public static NumberLiteral Literal(string digits)
    {
        var exponent = digits.IndexOf('e', StringComparison.Ordinal);
        var plain = exponent < 0 ? digits : digits[..exponent];
        var value = DecimalValue.Read(plain, out var decimals);
        if (exponent >= 0)
            value *= new Rational(10).Power(int.Parse(digits.AsSpan(exponent + 1), CultureInfo.InvariantCulture));
        return new NumberLiteral(value, exponent < 0 ? decimals : Math.Max(decimals, 0), digits);
    }
}
