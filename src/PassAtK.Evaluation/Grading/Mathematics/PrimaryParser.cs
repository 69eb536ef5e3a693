using System.Globalization;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Reads what stands alone: numbers, names, brackets, fractions, roots, functions, matrices.</summary>
internal sealed class PrimaryParser(TokenReader tokens, ExpressionParser expressions, ScalarParser scalars)
{
    private readonly FunctionParser _functions = new(tokens, scalars);

    /// <summary>Whether a bar closes an absolute value here.</summary>
    private bool _insideBars;

    /// <summary>Whether the next token can begin a factor.</summary>
    public bool Starts() => tokens.Next.Kind switch
    {
        TokenKind.Number => true,
        TokenKind.Word => !tokens.Next.IsConnector && tokens.Next.Text != "U",
        TokenKind.Command => tokens.Next.Text is "frac" or "sqrt" or "binom" or "dbinom" or "tbinom" or "overline" or "bar" or "log"
            || tokens.Next.Text.StartsWith("begin:", StringComparison.Ordinal),
        TokenKind.Symbol => tokens.Next.Text is "(" or "[" or "{" or "⦃" or "⌊" or "⌈" || (tokens.Next.Is('|') && !_insideBars),
        _ => false,
    };

    public bool StartsFunction() => tokens.Next.Kind == TokenKind.Word && FunctionNames.Canonical(tokens.Next.Text) is not null;

    public Expression Primary()
    {
        using var level = tokens.Enter();
        SplitWord();
        var token = tokens.Take();
        return token.Kind switch
        {
            TokenKind.Number => WithBase(ScalarParser.Literal(token.Text)),
            TokenKind.Word => Name(token),
            TokenKind.Symbol => Bracketed(token.Text[0]),
            TokenKind.Command => Command(token.Text),
            _ => throw new UnreadableException(),
        };
    }

    /// <summary>`\frac` and `\binom` take one digit where no brace stands.</summary>
    private Expression Argument()
    {
        if (tokens.Next is { Kind: TokenKind.Number, Text.Length: > 1 } number && number.Text.All(char.IsAsciiDigit))
            tokens.Split(number with { Text = number.Text[..1] }, new Token(TokenKind.Number, number.Text[1..], false));
        return tokens.TryTake('-') ? ScalarParser.Negated(Primary()) : Primary();
    }

    /// <summary>Letters that are no name are variables one by one, unless they are too many.</summary>
    public void SplitWord()
    {
        if (tokens.Next is not { Kind: TokenKind.Word, Text.Length: > 1 } word || WordTable.IsName(word.Text))
            return;
        if (FunctionNames.PrefixOf(word.Text) is { } function)
        {
            tokens.Split(word with { Text = function }, new Token(TokenKind.Word, word.Text[function.Length..], false));
            return;
        }
        if (word.Text.Length > WordTable.LongestProduct)
            throw new UnreadableException();
        tokens.Split([.. word.Text.Select((letter, at) => new Token(TokenKind.Word, letter.ToString(), at == 0 && word.Spaced))]);
    }

    private Expression Name(Token token)
    {
        if (token.IsConnector)
            throw new UnreadableException();
        if (token.Text == "sqrt")
            return Root();
        if (FunctionNames.Canonical(token.Text) is { } function)
            return _functions.Application(function, token.Text);
        var name = ConstantNames.Spellings.GetValueOrDefault(token.Text, token.Text);
        if (tokens.TryTake('_'))
            name += "_" + Subscript();
        if (tokens.Next.Is('(') && !tokens.Next.Spaced && WordTable.NamesFunction(name) && _functions.Arguments() is { } arguments)
            return new Call(name, arguments);
        return new Symbol(name);
    }

    private string Subscript()
    {
        if (!tokens.TryTake('{'))
            return tokens.Take().Text;
        var name = "";
        while (!tokens.TryTake('}'))
            name += tokens.Take().Text;
        return name;
    }

    private Expression WithBase(NumberLiteral number)
    {
        if (!tokens.Next.Is('_') || number.Decimals >= 0)
            return number;
        tokens.Take();
        var name = Subscript();
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var numeralBase) && !WordTable.Numbers.TryGetValue(name, out numeralBase))
            throw new UnreadableException();
        if (numeralBase == 10)
            return number;
        return numeralBase is >= 2 and <= 36 ? new Numeral(number.Digits.TrimStart('0'), numeralBase) : throw new UnreadableException();
    }

    private Expression Command(string command)
    {
        if (command.StartsWith("begin:", StringComparison.Ordinal))
            return new EnvironmentParser(tokens, expressions).Read(command["begin:".Length..]);
        switch (command)
        {
            case "frac":
                return new Quotient(Argument(), Argument());
            case "binom" or "dbinom" or "tbinom":
                return new Call("binom", [Argument(), Argument()]);
            case "sqrt":
                return Root();
            case "log":
                return _functions.Application("ln", command);
            case "overline" or "bar":
                var inner = Primary();
                return inner is Symbol symbol ? new Symbol("\u0304" + symbol.Name) : inner;
            default:
                throw new UnreadableException();
        }
    }

    private Power Root()
    {
        Expression index = NumberLiteral.Of(2);
        if (tokens.TryTake('['))
        {
            index = scalars.Sum();
            tokens.Expect(']');
        }
        return new Power(Primary(), new Quotient(NumberLiteral.Of(Rational.One), index));
    }

    private Expression Bracketed(char open)
    {
        var outer = _insideBars;
        _insideBars = open == '|';
        try
        {
            switch (open)
            {
                case '(' or '[' or ']':
                    return Brackets(open);
                case '{':
                    return Group();
                case LatexSymbols.OpenSet:
                    return Set();
                case '|':
                    return Enclosed("abs", '|');
                case '⌊':
                    return Enclosed("floor", '⌋');
                case '⌈':
                    return Enclosed("ceil", '⌉');
                default:
                    throw new UnreadableException();
            }
        }
        finally
        {
            _insideBars = outer;
        }
    }

    private Expression Group()
    {
        var group = expressions.List();
        if (tokens.Next is { Kind: TokenKind.Command, Text: "choose" })
        {
            tokens.Take();
            group = new Call("binom", [group, expressions.List()]);
        }
        tokens.Expect('}');
        return group;
    }

    private Call Enclosed(string function, char close)
    {
        var argument = scalars.Sum();
        tokens.Expect(close);
        return new Call(function, [argument]);
    }

    /// <summary>A group, a tuple or an interval; `]1,2[` is `(1,2)`.</summary>
    private Expression Brackets(char open)
    {
        var inner = expressions.List();
        var close = tokens.Take();
        if (close.Kind != TokenKind.Symbol || close.Text is not (")" or "]" or "["))
            throw new UnreadableException();
        if (inner is not Sequence { IsList: true } list)
        {
            if (inner is NumberLiteral literal && tokens.Next.Is('_'))
                return WithBase(literal);
            return open == '(' == (close.Text == ")") ? inner : throw new UnreadableException();
        }
        return new Sequence(open == ']' ? '(' : open, close.Text == "[" ? ')' : close.Text[0], list.Items);
    }

    /// <summary>`\{1,2\}`, `\{\}`, or `\{x \mid x &gt; 0\}`, which is its condition.</summary>
    private Expression Set()
    {
        if (tokens.TryTake(LatexSymbols.CloseSet))
            return new Sequence('{', '}', []);
        _insideBars = true;
        var items = expressions.List();
        if (tokens.TryTake('|') || tokens.TryTake(':'))
        {
            _insideBars = false;
            items = expressions.List();
            tokens.Expect(LatexSymbols.CloseSet);
            return items;
        }
        tokens.Expect(LatexSymbols.CloseSet);
        return items is Sequence { IsList: true } list ? new Sequence('{', '}', list.Items) : items is Ratio { Parts: [Symbol, var condition] }
            ? condition
            : new Sequence('{', '}', [items]);
    }
}
