using System.Text.RegularExpressions;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// What a sentence says that the answer is not. Only a formula, a number or a letter can be denied so: `not unique` and `not a square` are
/// answers in words.
/// </summary>
internal static partial class Denial
{
    // A number, the beginning of a formula, or a letter that stands alone and is no article.
    private const string Value = @"(?=[-−+]?[\d$\\({]|[-−+]?\.\d|[A-HJ-Zb-z](?![\p{L}']))";

    /// <summary>`3/4, not 4/3` is 3/4, `not 5 but 7` is 7; null for `not 5`.</summary>
    public static string? Affirmed(string sentence)
    {
        if (!sentence.Contains("not", StringComparison.OrdinalIgnoreCase))
            return sentence;
        if (Start().Match(sentence) is { Success: true } start)
            return Correction().Match(sentence, start.Length) is { Success: true } but ? sentence[(but.Index + but.Length)..] : null;
        return Contrast().Match(sentence) is { Success: true, Index: > 0 } contrast ? sentence[..contrast.Index] : sentence;
    }

    [GeneratedRegex(@"^[Nn]ot\s+" + Value, RegexOptions.CultureInvariant)]
    private static partial Regex Start();

    [GeneratedRegex(@",?\s+but\s+(?:rather\s+)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Correction();

    // After a comma or bracket, or straight after a value: the x of `x is not 5` denies something else.
    [GeneratedRegex(@"(?:\s*[,;(–—]\s*(?:and\s+|but\s+)?|(?<=[\d)}$%])\s+(?:and\s+)?)not\s+" + Value, RegexOptions.CultureInvariant)]
    private static partial Regex Contrast();
}
