using System.Text;

namespace PassAtK.Engine.Tokenization.Patterns;

/// <summary>Single characters of a kind; each is a match by itself.</summary>
internal sealed class CharacterPattern(Func<Rune, bool> isMatch) : IPattern
{
    public List<PatternSpan> Find(ReadOnlySpan<char> text)
    {
        List<PatternSpan> spans = [];
        var (gap, position) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var end = position + rune.Utf16SequenceLength;
            if (isMatch(rune))
            {
                if (gap < position)
                    spans.Add(new PatternSpan(gap, position - gap, IsMatch: false));
                spans.Add(new PatternSpan(position, end - position, IsMatch: true));
                gap = end;
            }
            position = end;
        }
        if (gap < position)
            spans.Add(new PatternSpan(gap, position - gap, IsMatch: false));
        return spans;
    }
}
