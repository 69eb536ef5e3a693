namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>Occurrences of a fixed, non-empty text.</summary>
internal sealed class LiteralPattern(string literal) : IPattern
{
    public List<PatternSpan> Find(ReadOnlySpan<char> text)
    {
        List<PatternSpan> spans = [];
        var gap = 0;
        for (var found = text.IndexOf(literal); found >= 0; found = text[gap..].IndexOf(literal))
        {
            if (found > 0)
                spans.Add(new PatternSpan(gap, found, IsMatch: false));
            spans.Add(new PatternSpan(gap + found, literal.Length, IsMatch: true));
            gap += found + literal.Length;
        }
        if (gap < text.Length)
            spans.Add(new PatternSpan(gap, text.Length - gap, IsMatch: false));
        return spans;
    }
}
