namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>A stretch of a text: a match of a pattern or what lies between two matches.</summary>
internal readonly record struct PatternSpan(int Start, int Length, bool IsMatch)
{
    public int End => Start + Length;
}

/// <summary>Finds stretches of text. The text given has no lone surrogates.</summary>
internal interface IPattern
{
    /// <summary>Matches and gaps, in order, that cover the text without overlap. Only a match may be empty.</summary>
    List<PatternSpan> Find(ReadOnlySpan<char> text);
}
