namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>
/// Matches of a regular expression over Unicode scalar values, from left to right. .NET's own engine works on UTF-16 units, so its
/// `\p{L}` misses every letter beyond U+FFFF, and it is slow without a compiler at run time.
/// </summary>
internal sealed class RegexPattern : IPattern
{
    private readonly RegexStep[] _steps;
    private readonly string _source;
    private readonly string _origin;

    /// <param name="source">The regular expression.</param>
    /// <param name="origin">The file and field that hold it, for messages.</param>
    /// <exception cref="InputException">Syntax that this matcher does not support; the sentence names it.</exception>
    public RegexPattern(string source, string origin)
    {
        (_source, _origin) = (source, origin);
        try
        {
            _steps = RegexProgram.Compile(source);
        }
        catch (FormatException cause)
        {
            throw new InputException($"{origin} is '{source}', which has {cause.Message}; expected a supported regular expression.", cause);
        }
    }

    public List<PatternSpan> Find(ReadOnlySpan<char> text)
    {
        List<PatternSpan> spans = [];
        var matcher = new RegexMatcher(_steps, text);
        try
        {
            var (gap, start, lastEnd) = (0, 0, -1);
            while (start <= text.Length)
            {
                var end = matcher.MatchAt(start);
                // As in Oniguruma's iterator, an empty match right behind another match is none.
                if (end < 0 || (end == start && end == lastEnd))
                {
                    start += start + 1 < text.Length && char.IsHighSurrogate(text[start]) ? 2 : 1;
                    continue;
                }
                if (gap < start)
                    spans.Add(new PatternSpan(gap, start - gap, IsMatch: false));
                spans.Add(new PatternSpan(start, end - start, IsMatch: true));
                (gap, start, lastEnd) = (end, end, end);
            }
            if (gap < text.Length)
                spans.Add(new PatternSpan(gap, text.Length - gap, IsMatch: false));
        }
        catch (TimeoutException cause)
        {
            throw new InputException(
                $"{_origin} is '{_source}', which takes too many attempts on a text of {text.Length} characters.", cause);
        }
        finally
        {
            matcher.Dispose();
        }
        return spans;
    }
}
