namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// Reads an answer: lists of relations of sets of ratios. By recursion, no deeper than <see cref="TokenReader.DeepestNesting"/>; linear in
/// the tokens. What stands between commas is read by <see cref="ScalarParser"/>.
/// </summary>
internal sealed class ExpressionParser
{
    private const string RelationSigns = "=<>≤≥≠≈∈≡";
    private const string SetSigns = "∪∩∖";

    private readonly TokenReader _tokens;
    private readonly ScalarParser _scalars;

    private ExpressionParser(List<Token> tokens)
    {
        _tokens = new TokenReader(tokens);
        _scalars = new ScalarParser(_tokens, this);
    }

    /// <summary>Null where the whole text is no expression.</summary>
    public static Expression? Parse(string text)
    {
        try
        {
            var parser = new ExpressionParser(LatexLexer.Read(text));
            var answer = parser.List();
            while (parser._tokens.Next is { Kind: TokenKind.Symbol, Text: "." or ":" or "…" })
                parser._tokens.Take();
            return parser._tokens.AtEnd ? answer : null;
        }
        catch (Exception error) when (error is UnreadableException or WorkLimitException)
        {
            return null;
        }
    }

    /// <summary>Items up to a closing sign. Semicolons and connecting words separate lists that commas separate.</summary>
    public Expression List()
    {
        using var level = _tokens.Enter();
        var groups = new List<Expression>();
        var group = new List<Expression>();
        var connectors = new HashSet<string>(StringComparer.Ordinal);
        PassSeparators(group, groups, connectors);
        while (!EndsList())
        {
            group.Add(Relation());
            if (!PassSeparators(group, groups, connectors))
                break;
        }
        Close(group, groups);
        return groups.Count switch
        {
            0 => throw new UnreadableException(),
            1 => groups[0],
            _ => Sequence.List(groups) with { IsChoice = connectors is { Count: 1 } && connectors.Contains("or") },
        };
    }

    private static void Close(List<Expression> group, List<Expression> groups)
    {
        if (group.Count > 0)
            groups.Add(group.Count == 1 ? group[0] : Sequence.List([.. group]));
        group.Clear();
    }

    private bool PassSeparators(List<Expression> group, List<Expression> groups, HashSet<string> connectors)
    {
        var passed = false;
        for (; ; passed = true)
        {
            if (_tokens.Next.Is(';') || _tokens.Next.Is(LatexSymbols.NewRow) || _tokens.Next.IsConnector)
                Close(group, groups);
            else if (!_tokens.Next.Is(','))
                return passed;
            if (_tokens.Take() is { IsConnector: true } connector)
                connectors.Add(connector.Text);
        }
    }

    private bool EndsList() =>
        _tokens.AtEnd || _tokens.Next is { Kind: TokenKind.Symbol, Text: ")" or "]" or "}" or "." or "⦄" }
        || _tokens.Next is { Kind: TokenKind.Command } command && command.Text.StartsWith("end:", StringComparison.Ordinal);

    /// <summary>`x = 5`, `0 &lt; x \le 1`, `x \in A`, or what has no relation sign.</summary>
    public Expression Relation()
    {
        using var level = _tokens.Enter();
        _tokens.TryTake('=');
        var operands = new List<Expression> { Sets() };
        var signs = new List<char>();
        while (NextIsOneOf(RelationSigns))
        {
            var sign = _tokens.Next;
            _tokens.Take();
            _tokens.TryTake('=');
            signs.Add(sign.Text[0] == '≡' ? '=' : sign.Text[0]);
            operands.Add(Sets());
        }
        return signs.Count == 0 ? operands[0] : new Relation(operands, signs);
    }

    private Expression Sets()
    {
        var left = Ratios();
        for (var links = 0; ; TokenReader.Link(ref links))
        {
            var isUnion = left is Sequence { IsInterval: true } or SetOperation && _tokens.Next is { Kind: TokenKind.Word, Text: "U" };
            if (!isUnion && !NextIsOneOf(SetSigns))
                return left;
            var operation = _tokens.Take().Text[0];
            left = new SetOperation(operation switch { '∩' => 'n', '∖' => '\\', _ => 'u' }, left, Ratios());
        }
    }

    private bool NextIsOneOf(string signs) =>
        _tokens.Next is { Kind: TokenKind.Symbol, Text: [var sign] } && signs.Contains(sign, StringComparison.Ordinal);

    private Expression Ratios()
    {
        var first = _scalars.Quantity();
        if (!_tokens.Next.Is(':') || _tokens.Peek(1).Kind == TokenKind.End)
            return first;
        var parts = new List<Expression> { first };
        while (_tokens.TryTake(':'))
            parts.Add(_scalars.Quantity());
        return new Ratio(parts);
    }
}
