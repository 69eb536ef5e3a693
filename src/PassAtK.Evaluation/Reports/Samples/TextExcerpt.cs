namespace PassAtK.Evaluation.Reports.Samples;

/// <summary>A text that may have lost its middle: beginning and end tell most of a long completion or prompt.</summary>
/// <param name="Start">The beginning, or the whole text.</param>
/// <param name="LeftOut">Characters (UTF-16 code units) that are missing between the two parts.</param>
/// <param name="End">The end; empty where nothing is missing.</param>
internal readonly record struct TextExcerpt(string Start, int LeftOut, string End)
{
    /// <param name="text">The whole.</param>
    /// <param name="most">Most characters to keep, two thirds of them from the beginning.</param>
    public static TextExcerpt Of(string text, int most)
    {
        if (text.Length <= most)
            return new TextExcerpt(text, 0, "");
        // No pair of surrogates is torn apart.
        var start = most * 2 / 3;
        if (char.IsHighSurrogate(text[Math.Max(0, start - 1)]))
            start--;
        var end = text.Length - (most - (most * 2 / 3));
        if (end < text.Length && char.IsLowSurrogate(text[end]))
            end++;
        return new TextExcerpt(text[..Math.Max(0, start)], end - Math.Max(0, start), text[end..]);
    }
}
