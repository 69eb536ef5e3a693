using System.Globalization;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// Jinja2's expression grammar by recursive descent, one method a level, loosest first: `if`, `or`, `and`, `not`, comparisons, + and
/// -, `~`, * / // %, **, sign, and what follows a primary (`.`, `[]`, `()`, filters, tests).
/// </summary>
internal sealed class ExpressionParser(TokenReader reader)
{
    /// <summary>An expression, or a tuple where commas follow. `conditional` false stops before an `if`.</summary>
    public Expression ParseTuple(bool conditional = true)
    {
        var line = reader.Current.Line;
        var first = ParseOne(conditional);
        if (!reader.Current.IsOperator(","))
            return first;
        var items = new List<Expression> { first };
        while (reader.TakeOperator(",") && !EndsTuple())
            items.Add(ParseOne(conditional));
        return new TupleExpression(line, items);
    }

    public Expression Parse() => ParseOne(conditional: true);

    private bool EndsTuple() =>
        reader.Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd || reader.Current.IsOperator(")") || reader.Current.IsName("in");

    private Expression ParseOne(bool conditional)
    {
        reader.Enter();
        var expression = conditional ? ParseConditional() : ParseOr();
        reader.Leave();
        return expression;
    }

    private Expression ParseConditional()
    {
        var line = reader.Current.Line;
        var value = ParseOr();
        while (reader.TakeName("if"))
        {
            var condition = ParseOr();
            var otherwise = reader.TakeName("else") ? ParseOne(conditional: true) : null;
            value = new ConditionalExpression(line, condition, value, otherwise);
        }
        return value;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (reader.TakeName("or"))
            left = new LogicalExpression(left.Line, IsAnd: false, left, ParseAnd());
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (reader.TakeName("and"))
            left = new LogicalExpression(left.Line, IsAnd: true, left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        var line = reader.Current.Line;
        if (!reader.TakeName("not"))
            return ParseComparison();
        reader.Enter();
        var operand = ParseNot();
        reader.Leave();
        return new NotExpression(line, operand);
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (TakeComparison() is { } symbol)
            rest.Add((symbol, ParseSum()));
        return rest.Count == 0 ? first : new ComparisonExpression(first.Line, first, rest);
    }

    private string? TakeComparison()
    {
        if (reader.Current.Kind == TokenKind.Operator && reader.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            return reader.Take().Text;
        if (reader.TakeName("in"))
            return "in";
        if (!reader.Current.IsName("not") || !reader.Following.IsName("in"))
            return null;
        reader.Take();
        reader.Take();
        return "not in";
    }

    private Expression ParseSum()
    {
        var left = ParseConcatenation();
        while (reader.Current.IsOperator("+") || reader.Current.IsOperator("-"))
            left = new ArithmeticExpression(reader.Current.Line, reader.Take().Text, left, ParseConcatenation());
        return left;
    }

    private Expression ParseConcatenation()
    {
        var first = ParseProduct();
        if (!reader.Current.IsOperator("~"))
            return first;
        var operands = new List<Expression> { first };
        while (reader.TakeOperator("~"))
            operands.Add(ParseProduct());
        return new ConcatenationExpression(first.Line, operands);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (reader.Current.Kind == TokenKind.Operator && reader.Current.Text is "*" or "/" or "//" or "%")
            left = new ArithmeticExpression(reader.Current.Line, reader.Take().Text, left, ParsePower());
        return left;
    }

    /// <summary>Unlike Python, Jinja2 reads `a ** b ** c` from the left and `-a ** b` as `(-a) ** b`.</summary>
    private Expression ParsePower()
    {
        var left = ParseSigned(filters: true);
        while (reader.Current.IsOperator("**"))
            left = new ArithmeticExpression(reader.Current.Line, reader.Take().Text, left, ParseSigned(filters: true));
        return left;
    }

    private Expression ParseSigned(bool filters)
    {
        reader.Enter();
        Expression expression;
        if (reader.Current.IsOperator("-") || reader.Current.IsOperator("+"))
            expression = new SignExpression(reader.Current.Line, reader.Take().Text, ParseSigned(filters: false));
        else
            expression = ParsePrimary();
        expression = ParsePostfix(expression);
        if (filters)
            expression = ParseFiltersAndTests(expression);
        reader.Leave();
        return expression;
    }

    private Expression ParsePrimary()
    {
        var token = reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                reader.Take();
                return (Expression?)Constant(token) ?? new NameExpression(token.Line, token.Text);
            case TokenKind.String:
                return ParseStrings();
            case TokenKind.Integer:
                reader.Take();
                return new Literal(token.Line, new IntegerValue(NumberLiteral.ParseInteger(token.Text)));
            case TokenKind.Float:
                reader.Take();
                return new Literal(token.Line, TemplateValue.Float(double.Parse(token.Text, CultureInfo.InvariantCulture)));
            case TokenKind.Operator when token.Text == "(":
                return ParseParentheses();
            case TokenKind.Operator when token.Text == "[":
                return ParseList();
            case TokenKind.Operator when token.Text == "{":
                return ParseDict();
            default:
                throw reader.Fail($"expected an expression, found {token.Describe()}");
        }
    }

    private static Literal? Constant(Token token) => token.Text switch
    {
        "true" or "True" => new Literal(token.Line, TemplateValue.True),
        "false" or "False" => new Literal(token.Line, TemplateValue.False),
        "none" or "None" => new Literal(token.Line, TemplateValue.None),
        _ => null,
    };

    private Literal ParseStrings()
    {
        var line = reader.Current.Line;
        var texts = new List<string>();
        while (reader.Current.Kind == TokenKind.String)
            texts.Add(reader.Take().Text);
        return new Literal(line, TemplateValue.Text(string.Concat(texts)));
    }

    private Expression ParseParentheses()
    {
        var line = reader.Take().Line;
        var inside = reader.Current.IsOperator(")") ? new TupleExpression(line, []) : ParseTuple();
        reader.ExpectOperator(")");
        return inside;
    }

    private ListExpression ParseList()
    {
        var line = reader.Take().Line;
        var items = new List<Expression>();
        while (!reader.Current.IsOperator("]"))
        {
            items.Add(Parse());
            if (!reader.TakeOperator(","))
                break;
        }
        reader.ExpectOperator("]");
        return new ListExpression(line, items);
    }

    private DictExpression ParseDict()
    {
        var line = reader.Take().Line;
        var entries = new List<(Expression, Expression)>();
        while (!reader.Current.IsOperator("}"))
        {
            var key = Parse();
            reader.ExpectOperator(":");
            entries.Add((key, Parse()));
            if (!reader.TakeOperator(","))
                break;
        }
        reader.ExpectOperator("}");
        return new DictExpression(line, entries);
    }

    private Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            if (reader.TakeOperator("."))
                expression = ParseMember(expression);
            else if (reader.TakeOperator("["))
                expression = ParseSubscript(expression);
            else if (reader.Current.IsOperator("("))
                expression = new CallExpression(expression.Line, expression, ParseArguments());
            else
                return expression;
        }
    }

    private Expression ParseMember(Expression target)
    {
        var token = reader.Take();
        return token.Kind switch
        {
            TokenKind.Name => new AttributeExpression(token.Line, target, token.Text),
            TokenKind.Integer => new ItemExpression(
                token.Line, target, new Literal(token.Line, new IntegerValue(NumberLiteral.ParseInteger(token.Text)))),
            _ => throw reader.Fail($"expected a name after '.', found {token.Describe()}"),
        };
    }

    private Expression ParseSubscript(Expression target)
    {
        var line = reader.Current.Line;
        var start = reader.Current.IsOperator(":") ? null : Parse();
        if (start is not null && reader.TakeOperator("]"))
            return new ItemExpression(line, target, start);
        reader.ExpectOperator(":");
        var stop = reader.Current.IsOperator(":") || reader.Current.IsOperator("]") ? null : Parse();
        var step = reader.TakeOperator(":") && !reader.Current.IsOperator("]") ? Parse() : null;
        reader.ExpectOperator("]");
        return new SliceExpression(line, target, start, stop, step);
    }

    private Expression ParseFiltersAndTests(Expression expression)
    {
        while (true)
        {
            if (reader.TakeOperator("|"))
                expression = ParseFilter(expression);
            else if (reader.Current.IsName("is"))
                expression = ParseTest(expression);
            else if (reader.Current.IsOperator("("))
                expression = new CallExpression(expression.Line, expression, ParseArguments());
            else
                return expression;
        }
    }

    /// <summary>A filter after its `|`.</summary>
    public FilterExpression ParseFilter(Expression? target)
    {
        var line = reader.Current.Line;
        var name = reader.ExpectName("the name of a filter");
        return new FilterExpression(line, target, name, reader.Current.IsOperator("(") ? ParseArguments() : Arguments.None);
    }

    /// <summary>Filters that apply to a block: what follows `filter` or the name in `set name`.</summary>
    public IReadOnlyList<FilterExpression> ParseBlockFilters()
    {
        var filters = new List<FilterExpression>();
        while (reader.TakeOperator("|"))
            filters.Add(ParseFilter(target: null));
        return filters;
    }

    private Expression ParseTest(Expression target)
    {
        var line = reader.Take().Line;
        var negated = reader.TakeName("not");
        var name = reader.ExpectName("the name of a test");
        Expression test = new TestExpression(line, target, name, ParseTestArguments());
        return negated ? new NotExpression(line, test) : test;
    }

    /// <summary>A test takes arguments in parentheses, or one primary right after its name, as in `is divisibleby 3`.</summary>
    private Arguments ParseTestArguments()
    {
        var token = reader.Current;
        if (token.IsOperator("("))
            return ParseArguments();
        var starts = token.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
            || token.IsOperator("[") || token.IsOperator("{")
            || (token.Kind == TokenKind.Name && token.Text is not ("else" or "or" or "and"));
        if (!starts)
            return Arguments.None;
        if (token.IsName("is"))
            throw reader.Fail("tests cannot be chained with 'is'");
        return new Arguments([ParsePostfix(ParsePrimary())], [], null, null);
    }

    public Arguments ParseArguments()
    {
        var positional = new List<Expression>();
        var keywords = new List<(string, Expression)>();
        Expression? sequence = null;
        Expression? dict = null;
        reader.ExpectOperator("(");
        while (!reader.Current.IsOperator(")"))
        {
            if (sequence is null && dict is null && reader.TakeOperator("*"))
                sequence = Parse();
            else if (dict is null && reader.TakeOperator("**"))
                dict = Parse();
            else if (dict is null && reader.Current.Kind == TokenKind.Name && reader.Following.IsOperator("="))
                keywords.Add((reader.Take().Text, ParseKeywordValue()));
            else if (sequence is null && dict is null && keywords.Count == 0)
                positional.Add(Parse());
            else
                throw reader.Fail("a positional argument follows a keyword argument");
            if (!reader.TakeOperator(","))
                break;
        }
        reader.ExpectOperator(")");
        return new Arguments(positional, keywords, sequence, dict);
    }

    private Expression ParseKeywordValue()
    {
        reader.ExpectOperator("=");
        return Parse();
    }
}
