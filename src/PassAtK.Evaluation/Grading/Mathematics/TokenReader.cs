namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>A place in a list of tokens, and how deep the expression around it is nested.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    public const int DeepestNesting = 200;

    /// <summary>Most signs in a row that each nest what is before them: `a/b/c`, `x!!`, `A \cup B \cup C`.</summary>
    public const int LongestChain = 100;

    private int _at;
    private int _depth;

    public Token Next => tokens[_at];

    public bool AtEnd => Next.Kind == TokenKind.End;

    public Token Peek(int ahead) => tokens[Math.Min(_at + ahead, tokens.Count - 1)];

    public Token Take() => AtEnd ? throw new UnreadableException() : tokens[_at++];

    public bool TryTake(char symbol)
    {
        if (!Next.Is(symbol))
            return false;
        _at++;
        return true;
    }

    public void Expect(char symbol)
    {
        if (!TryTake(symbol))
            throw new UnreadableException();
    }

    /// <summary>Puts tokens in the place of the next one: `43` of `\frac43` is two arguments, `xy` two variables.</summary>
    public void Split(params ReadOnlySpan<Token> parts)
    {
        tokens.RemoveAt(_at);
        tokens.InsertRange(_at, parts);
    }

    /// <summary>Counts the links of a chain.</summary>
    /// <exception cref="UnreadableException">The chain is longer than any answer's.</exception>
    public static void Link(ref int links)
    {
        if (++links > LongestChain)
            throw new UnreadableException();
    }

    /// <summary>One level deeper until it is disposed.</summary>
    /// <exception cref="UnreadableException">The nesting is deeper than any answer's.</exception>
    public Level Enter()
    {
        if (++_depth > DeepestNesting)
            throw new UnreadableException();
        return new Level(this);
    }

    public readonly ref struct Level(TokenReader reader)
    {
        public void Dispose() => reader._depth--;
    }
}
