namespace PassAtK.Engine.ChatTemplates;

internal enum TokenKind
{
    /// <summary>Text between tags, after white-space control.</summary>
    Text,
    BlockBegin,
    BlockEnd,
    OutputBegin,
    OutputEnd,
    Name,

    /// <summary>A string literal, escapes resolved.</summary>
    String,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>A lexical unit of a template, with the line (from 1) it starts on.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool IsOperator(string text) => Kind == TokenKind.Operator && Text == text;

    public bool IsName(string text) => Kind == TokenKind.Name && Text == text;

    /// <summary>How an error message calls it.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.Text => "text",
        TokenKind.BlockBegin => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.OutputBegin => "'{{'",
        TokenKind.OutputEnd => "'}}'",
        TokenKind.String => "a string",
        TokenKind.End => "the end of the template",
        _ => $"'{Text}'",
    };
}
