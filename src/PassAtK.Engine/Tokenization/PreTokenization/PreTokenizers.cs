using PassAtK.Engine.Tokenization.Patterns;

namespace PassAtK.Engine.Tokenization.PreTokenization;

/// <summary>`Split`, `Digits`, `Punctuation`, `Whitespace`, `WhitespaceSplit`: cuts at a pattern.</summary>
internal sealed class Split(IPattern pattern, SplitBehavior behavior, bool invert = false) : IPreTokenizer
{
    public CutText Cut(CutText text) => text.Split(pattern, behavior, invert);
}

/// <summary>
/// `ByteLevel`: each piece gets a space in front if wanted, is cut by GPT-2's pattern if wanted, and its UTF-8 bytes become the
/// characters that stand for them.
/// </summary>
internal sealed class ByteLevel(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    private static readonly RegexPattern Gpt2 = new(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", "ByteLevel's pattern");

    public CutText Cut(CutText text)
    {
        if (addPrefixSpace)
        {
            text = text.Rewrite((piece, _, into) =>
            {
                if (piece.Span[0] != ' ')
                    into.Append(' ');
                into.Append(piece);
            });
        }
        if (useRegex)
            text = text.Split(Gpt2, SplitBehavior.Isolated);
        return text.Rewrite((piece, _, into) => ByteAlphabet.AppendEncoded(into, piece.Span));
    }
}

/// <summary>Where <see cref="Metaspace"/> puts its mark in front of text that does not begin with it.</summary>
internal enum PrependScheme
{
    Always,

    /// <summary>Only where the text given to the tokenizer begins.</summary>
    First,
    Never,
}

/// <summary>`Metaspace`: a visible mark takes the place of each space, and may cut in front of itself.</summary>
internal sealed class Metaspace(string mark, PrependScheme scheme, bool split) : IPreTokenizer
{
    private readonly LiteralPattern _mark = new(mark);

    public CutText Cut(CutText text)
    {
        text = text.Rewrite((piece, atStart, into) =>
        {
            var prepends = scheme == PrependScheme.Always || (scheme == PrependScheme.First && atStart);
            if (prepends && piece.Span[0] != ' ' && !piece.Span.StartsWith(mark))
                into.Append(mark);
            var start = into.Length;
            into.Append(piece).Replace(" ", mark, start, into.Length - start);
        });
        return split ? text.Split(_mark, SplitBehavior.MergedWithNext) : text;
    }
}

/// <summary>`Sequence`: one pre-tokenizer after the other, each on the pieces of the one before.</summary>
internal sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> preTokenizers) : IPreTokenizer
{
    public CutText Cut(CutText text)
    {
        foreach (var preTokenizer in preTokenizers)
            text = preTokenizer.Cut(text);
        return text;
    }
}
