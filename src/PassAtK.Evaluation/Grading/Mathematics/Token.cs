namespace PassAtK.Evaluation.Grading.Mathematics;

internal enum TokenKind
{
    End,

    /// <summary>Digits with at most one point, thousands separators gone; `0.(3)` repeats.</summary>
    Number,

    /// <summary>Letters in mathematics: a name, or several variables.</summary>
    Word,

    /// <summary>What `\text{...}` holds.</summary>
    Text,

    /// <summary>A LaTeX command that takes arguments, without its backslash; `begin:pmatrix` for environments.</summary>
    Command,

    /// <summary>One sign in one spelling: see <see cref="LatexSymbols"/>.</summary>
    Symbol,
}

/// <summary>A piece of an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its canonical spelling.</param>
/// <param name="Spaced">White space stands before it.</param>
/// <param name="Upright">Letters that were set in roman type, as units are.</param>
internal readonly record struct Token(TokenKind Kind, string Text, bool Spaced, bool Upright = false)
{
    public bool Is(char symbol) => Kind == TokenKind.Symbol && Text.Length == 1 && Text[0] == symbol;

    public bool IsConnector => Kind is TokenKind.Word or TokenKind.Text && Text is "and" or "or";
}
