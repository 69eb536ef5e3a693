using PassAtK.Engine.Tokenization.Patterns;

namespace PassAtK.Engine.Tokenization.PreTokenization;

/// <summary>What becomes of the matches when text is cut at them. Source: `behavior` in the pre-tokenizers of `tokenizer.json`.</summary>
internal enum SplitBehavior
{
    /// <summary>A match is a piece of its own.</summary>
    Isolated,

    /// <summary>A match goes away.</summary>
    Removed,

    /// <summary>A match joins the gap before it.</summary>
    MergedWithPrevious,

    /// <summary>A match joins the gap behind it.</summary>
    MergedWithNext,

    /// <summary>Matches that touch are one piece.</summary>
    Contiguous,
}

internal static class SplitBehaviors
{
    /// <summary>The pieces that remain of a text cut into matches and gaps; <paramref name="invert"/> swaps the two.</summary>
    public static List<(int Start, int Length)> Apply(this SplitBehavior behavior, List<PatternSpan> spans, bool invert)
    {
        List<(int Start, int Length)> pieces = new(spans.Count);
        var previousIsMatch = false;
        // Merging with the next is merging with the previous, read backwards.
        var backwards = behavior == SplitBehavior.MergedWithNext;
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[backwards ? spans.Count - 1 - i : i];
            var isMatch = span.IsMatch != invert;
            var joins = pieces.Count > 0 && behavior switch
            {
                SplitBehavior.MergedWithPrevious or SplitBehavior.MergedWithNext => isMatch && !previousIsMatch,
                SplitBehavior.Contiguous => isMatch == previousIsMatch,
                _ => false,
            };
            previousIsMatch = isMatch;
            if (behavior == SplitBehavior.Removed && isMatch)
                continue;
            if (joins)
                pieces[^1] = (Math.Min(pieces[^1].Start, span.Start), pieces[^1].Length + span.Length);
            else
                pieces.Add((span.Start, span.Length));
        }
        if (backwards)
            pieces.Reverse();
        return pieces;
    }
}
