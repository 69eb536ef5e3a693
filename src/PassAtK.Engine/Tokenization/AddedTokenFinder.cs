using System.Buffers;
using System.Text;
using PassAtK.Engine.Tokenization.Patterns;

namespace PassAtK.Engine.Tokenization;

/// <summary>A stretch of text that is an added token, or text between such (Id -1).</summary>
internal readonly record struct TextSection(int Id, int Start, int Length);

/// <summary>Finds added tokens in text: from left to right, the longest where several begin at one place.</summary>
internal sealed class AddedTokenFinder
{
    private readonly List<Dictionary<char, int>> _branches = [new()];
    private readonly List<AddedToken?> _ends = [null];
    private readonly SearchValues<char> _firstCharacters;

    /// <param name="tokens">The tokens with the text to look for, which is not empty and differs among them.</param>
    public AddedTokenFinder(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        foreach (var (text, token) in tokens)
        {
            var node = 0;
            foreach (var character in text)
            {
                if (!_branches[node].TryGetValue(character, out var child))
                {
                    child = _branches.Count;
                    _branches[node].Add(character, child);
                    _branches.Add([]);
                    _ends.Add(null);
                }
                node = child;
            }
            _ends[node] = token;
        }
        _firstCharacters = SearchValues.Create([.. _branches[0].Keys]);
    }

    /// <summary>Tokens and the text between them; a token's stretch may take in white space.</summary>
    public List<TextSection> Find(string text)
    {
        List<TextSection> sections = [];
        var (taken, position) = (0, 0);
        while (NextMatch(text, position) is (var start, var length, var token))
        {
            position = start + length;
            if (token.SingleWord && (EndsWithWord(text.AsSpan(0, start)) || StartsWithWord(text.AsSpan(position))))
                continue;
            var end = position;
            if (token.StripLeft)
                start = Math.Max(taken, text.AsSpan(0, start).TrimEnd().Length);
            if (token.StripRight)
                end = text.Length - text.AsSpan(end).TrimStart().Length;
            if (taken < start)
                sections.Add(new TextSection(-1, taken, start - taken));
            // A token that is white space itself may have been taken in by the one before.
            if (start < end)
                sections.Add(new TextSection(token.Id, start, end - start));
            taken = end;
        }
        if (taken < text.Length)
            sections.Add(new TextSection(-1, taken, text.Length - taken));
        return sections;
    }

    private (int Start, int Length, AddedToken Token)? NextMatch(string text, int position)
    {
        for (; ; position++)
        {
            var ahead = text.AsSpan(position).IndexOfAny(_firstCharacters);
            if (ahead < 0)
                return null;
            position += ahead;
            (int, int, AddedToken)? longest = null;
            var node = 0;
            for (var end = position; end < text.Length && _branches[node].TryGetValue(text[end], out node); end++)
            {
                if (_ends[node] is { } token)
                    longest = (position, end + 1 - position, token);
            }
            if (longest is not null)
                return longest;
        }
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var last, out _) == OperationStatus.Done && IsWord(last.Value);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var first, out _) == OperationStatus.Done && IsWord(first.Value);

    // With the two joiners, as Unicode Technical Standard 18 has it.
    private static bool IsWord(int code) => UnicodeKinds.IsWord(code) || code is 0x200C or 0x200D;
}
