using PassAtK.Engine.Tokenization.Patterns;

namespace PassAtK.Engine.Tokenization.PreTokenization;

/// <summary>
/// A stretch of a <see cref="CutText"/>. <paramref name="AtStart"/>: it begins where the text given to the tokenizer does.
/// </summary>
internal readonly record struct Piece(int Start, int Length, bool AtStart);

/// <summary>A text and the pieces it is cut into so far, in order; none is empty. Merges never cross their ends.</summary>
internal sealed record CutText(string Text, IReadOnlyList<Piece> Pieces)
{
    public static CutText Whole(string text, bool atStart) => new(text, text.Length == 0 ? [] : [new Piece(0, text.Length, atStart)]);

    /// <summary>Every piece cut by a pattern.</summary>
    public CutText Split(IPattern pattern, SplitBehavior behavior, bool invert = false)
    {
        List<Piece> pieces = new(Pieces.Count);
        foreach (var piece in Pieces)
        {
            var spans = pattern.Find(Text.AsSpan(piece.Start, piece.Length));
            foreach (var (start, length) in behavior.Apply(spans, invert))
            {
                if (length > 0)
                    pieces.Add(new Piece(piece.Start + start, length, piece.AtStart && start == 0));
            }
        }
        return this with { Pieces = pieces };
    }

    /// <summary>The same cuts in a rewritten text: <paramref name="rewrite"/> appends what becomes of a piece.</summary>
    public CutText Rewrite(Action<ReadOnlyMemory<char>, bool, System.Text.StringBuilder> rewrite)
    {
        var text = new System.Text.StringBuilder(Text.Length + Pieces.Count);
        List<Piece> pieces = new(Pieces.Count);
        foreach (var piece in Pieces)
        {
            var start = text.Length;
            rewrite(Text.AsMemory(piece.Start, piece.Length), piece.AtStart, text);
            pieces.Add(new Piece(start, text.Length - start, piece.AtStart));
        }
        return new CutText(text.ToString(), pieces);
    }
}
