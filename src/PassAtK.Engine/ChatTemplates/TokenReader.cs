namespace PassAtK.Engine.ChatTemplates;

/// <summary>A template's tokens, read from front to back, with one bound on how deep its syntax may nest.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens, string name)
{
    private const int MaxDepth = 200;

    private int _depth;

    public int Position { get; private set; }

    public Token Current => tokens[Position];

    public Token Following => tokens[Math.Min(Position + 1, tokens.Count - 1)];

    public InputException Fail(string problem) => TemplateError.At(name, Current.Line, problem);

    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
            Position++;
        return token;
    }

    public bool TakeOperator(string text)
    {
        var found = Current.IsOperator(text);
        Position += found ? 1 : 0;
        return found;
    }

    public bool TakeName(string text)
    {
        var found = Current.IsName(text);
        Position += found ? 1 : 0;
        return found;
    }

    public void ExpectOperator(string text)
    {
        if (!TakeOperator(text))
            throw Fail($"expected '{text}', found {Current.Describe()}");
    }

    public void ExpectKeyword(string text)
    {
        if (!TakeName(text))
            throw Fail($"expected '{text}', found {Current.Describe()}");
    }

    public string ExpectName(string what) =>
        Current.Kind == TokenKind.Name ? Take().Text : throw Fail($"expected {what}, found {Current.Describe()}");

    public void Expect(TokenKind kind)
    {
        if (Current.Kind != kind)
            throw Fail($"expected {new Token(kind, "", 0).Describe()}, found {Current.Describe()}");
        Position++;
    }

    /// <summary>Whether a name occurs from a position up to here.</summary>
    public bool Mentioned(string word, int from)
    {
        for (var i = from; i < Position; i++)
        {
            if (tokens[i].IsName(word))
                return true;
        }
        return false;
    }

    public void Enter()
    {
        if (++_depth > MaxDepth)
            throw Fail($"the template nests more than {MaxDepth} levels deep");
    }

    public void Leave() => _depth--;
}
