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

    [GeneratedRegex(@"^[Nn]ot\s{1,3}" + Value, RegexOptions.CultureInvariant)]
    private static partial Regex Start();

    [GeneratedRegex(@",?\s{1,3}but\s{1,3}(?:rather\s{1,3})?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Correction();

    // Bounded runs of white space keep every search linear. After a comma or bracket, or straight after a value: the x of `x is not 5` denies something else.
    [GeneratedRegex(@"(?:\s{0,3}[,;(–—]\s{0,3}(?:(?:and|but)\s{1,3})?|(?<=[\d)}$%])\s{1,3}(?:and\s{1,3})?)not\s{1,3}" + Value, RegexOptions.CultureInvariant)]
    private static partial Regex Contrast();
}
