namespace PassAtK.Engine.ChatTemplates;

/// <summary>Jinja2's statements, and the two that transformers adds: loop controls and `generation`.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;

    /// <summary>Loops that a `break` here could leave; a macro's body starts over.</summary>
    private int _loops;

    private StatementParser(TokenReader reader)
    {
        _reader = reader;
        _expressions = new ExpressionParser(reader);
    }

    /// <exception cref="InputException">
    /// The template breaks the grammar, or uses a statement that chat templates have no use for.
    /// </exception>
    public static IReadOnlyList<Statement> Parse(string source, string name)
    {
        var parser = new StatementParser(new TokenReader(Lexer.Tokenize(source, name), name));
        var body = parser.ParseBody();
        return parser._reader.Current.Kind == TokenKind.End
            ? body
            : throw parser._reader.Fail($"'{parser._reader.Current.Text}' ends nothing that is open");
    }

    /// <summary>
    /// Statements up to the end or up to a tag with one of the given names; its opening is taken, its name is the current token.
    /// </summary>
    private List<Statement> ParseBody(params ReadOnlySpan<string> ends)
    {
        _reader.Enter();
        var body = new List<Statement>();
        while (_reader.Current.Kind != TokenKind.End)
        {
            var token = _reader.Take();
            if (token.Kind == TokenKind.Text)
            {
                body.Add(new TextStatement(token.Line, token.Text));
            }
            else if (token.Kind == TokenKind.OutputBegin)
            {
                body.Add(new OutputStatement(token.Line, _expressions.ParseTuple()));
                _reader.Expect(TokenKind.OutputEnd);
            }
            else
            {
                if (_reader.Current.Kind == TokenKind.Name && (ends.Contains(_reader.Current.Text) || IsEnd(_reader.Current.Text)))
                    break;
                body.Add(ParseStatement());
                _reader.Expect(TokenKind.BlockEnd);
            }
        }
        _reader.Leave();
        return body;
    }

    private static bool IsEnd(string name) => name is "else" or "elif" || name.StartsWith("end", StringComparison.Ordinal);

    /// <summary>The body of the current tag, up to and with the name of its closing tag.</summary>
    private List<Statement> ParseBodyUntil(string end)
    {
        _reader.Expect(TokenKind.BlockEnd);
        var body = ParseBody(end);
        _reader.ExpectKeyword(end);
        return body;
    }

    private Statement ParseStatement()
    {
        var line = _reader.Current.Line;
        var keyword = _reader.ExpectName("the name of a statement");
        return keyword switch
        {
            "if" => ParseIf(line),
            "for" => ParseFor(line),
            "set" => ParseSet(line),
            "macro" => new MacroStatement(line, ParseMacro()),
            "call" => ParseCallBlock(line),
            "filter" => ParseFilterBlock(line),
            "with" => ParseWith(line),
            "generation" => ParseGeneration(line),
            "break" when _loops > 0 => new BreakStatement(line),
            "continue" when _loops > 0 => new ContinueStatement(line),
            "break" or "continue" => throw _reader.Fail($"'{keyword}' stands outside a loop"),
            _ => throw _reader.Fail($"the statement '{keyword}' is not supported in chat templates"),
        };
    }

    private IfStatement ParseIf(int line)
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        do
        {
            var condition = _expressions.ParseTuple(conditional: false);
            _reader.Expect(TokenKind.BlockEnd);
            branches.Add((condition, ParseBody("elif", "else", "endif")));
        }
        while (_reader.TakeName("elif"));
        if (_reader.TakeName("else"))
            return new IfStatement(line, branches, ParseBodyUntil("endif"));
        _reader.ExpectKeyword("endif");
        return new IfStatement(line, branches, []);
    }

    private ForStatement ParseFor(int line)
    {
        var target = ParseTarget(allowNamespace: false);
        _reader.ExpectKeyword("in");
        var items = _expressions.ParseTuple(conditional: false);
        var filter = _reader.TakeName("if") ? _expressions.Parse() : null;
        if (_reader.Current.IsName("recursive"))
            throw _reader.Fail("recursive loops are not supported");
        _reader.Expect(TokenKind.BlockEnd);
        _loops++;
        var body = ParseBody("else", "endfor");
        _loops--;
        if (_reader.TakeName("else"))
            return new ForStatement(line, target, items, filter, body, ParseBodyUntil("endfor"));
        _reader.ExpectKeyword("endfor");
        return new ForStatement(line, target, items, filter, body, []);
    }

    private Statement ParseSet(int line)
    {
        var target = ParseTarget(allowNamespace: true);
        if (_reader.TakeOperator("="))
            return new SetStatement(line, target, _expressions.ParseTuple());
        var filters = _expressions.ParseBlockFilters();
        return new SetBlockStatement(line, target, filters, ParseBodyUntil("endset"));
    }

    private Target ParseTarget(bool allowNamespace)
    {
        var first = ParseTargetItem(allowNamespace);
        if (!_reader.Current.IsOperator(","))
            return first;
        var items = new List<Target> { first };
        while (_reader.TakeOperator(",") && (_reader.Current.Kind == TokenKind.Name || _reader.Current.IsOperator("("))
            && !_reader.Current.IsName("in"))
        {
            items.Add(ParseTargetItem(allowNamespace));
        }
        return new TupleTarget(items);
    }

    private Target ParseTargetItem(bool allowNamespace)
    {
        if (_reader.TakeOperator("("))
        {
            _reader.Enter();
            var inside = ParseTarget(allowNamespace: false);
            _reader.Leave();
            _reader.ExpectOperator(")");
            return inside;
        }
        var name = _reader.ExpectName("a name to assign to");
        if (name is "true" or "false" or "none" or "True" or "False" or "None")
            throw _reader.Fail($"'{name}' cannot be assigned to");
        return allowNamespace && _reader.TakeOperator(".")
            ? new NamespaceTarget(name, _reader.ExpectName("the name of an attribute"))
            : new NameTarget(name);
    }

    private MacroDefinition ParseMacro()
    {
        var name = _reader.ExpectName("the name of a macro");
        return ParseMacroBody(name, ParseParameters(), "endmacro");
    }

    private MacroDefinition ParseMacroBody(string name, IReadOnlyList<(string, Expression?)> parameters, string end)
    {
        var loops = _loops;
        _loops = 0;
        var start = _reader.Position;
        var body = ParseBodyUntil(end);
        _loops = loops;
        return new MacroDefinition(
            name, parameters, body, _reader.Mentioned("varargs", start), _reader.Mentioned("kwargs", start),
            _reader.Mentioned("caller", start));
    }

    private List<(string, Expression?)> ParseParameters()
    {
        var parameters = new List<(string Name, Expression? Default)>();
        _reader.ExpectOperator("(");
        while (!_reader.Current.IsOperator(")"))
        {
            var name = _reader.ExpectName("the name of a parameter");
            var value = _reader.TakeOperator("=") ? _expressions.Parse() : null;
            if (value is null && parameters.Count > 0 && parameters[^1].Default is not null)
                throw _reader.Fail($"the parameter '{name}' without a default follows one with a default");
            parameters.Add((name, value));
            if (!_reader.TakeOperator(","))
                break;
        }
        _reader.ExpectOperator(")");
        return parameters;
    }

    private CallBlockStatement ParseCallBlock(int line)
    {
        var parameters = _reader.Current.IsOperator("(") ? ParseParameters() : [];
        var call = _expressions.Parse() as CallExpression ?? throw _reader.Fail("'call' needs a call of a macro");
        return new CallBlockStatement(line, ParseMacroBody("caller", parameters, "endcall"), call);
    }

    private FilterBlockStatement ParseFilterBlock(int line)
    {
        List<FilterExpression> filters = [_expressions.ParseFilter(target: null), .. _expressions.ParseBlockFilters()];
        return new FilterBlockStatement(line, filters, ParseBodyUntil("endfilter"));
    }

    private ScopeStatement ParseWith(int line)
    {
        var names = new List<(Target, Expression)>();
        while (_reader.Current.Kind != TokenKind.BlockEnd)
        {
            if (names.Count > 0)
                _reader.ExpectOperator(",");
            var target = ParseTargetItem(allowNamespace: false);
            _reader.ExpectOperator("=");
            names.Add((target, _expressions.Parse()));
        }
        return new ScopeStatement(line, names, ParseBodyUntil("endwith"));
    }

    /// <summary>transformers runs the body as a call block, which a `break` cannot leave.</summary>
    private ScopeStatement ParseGeneration(int line)
    {
        var loops = _loops;
        _loops = 0;
        var body = ParseBodyUntil("endgeneration");
        _loops = loops;
        return new ScopeStatement(line, [], body);
    }
}
