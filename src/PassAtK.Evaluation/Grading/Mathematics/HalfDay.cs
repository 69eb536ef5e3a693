using System.Text.RegularExpressions;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Times of day: the full stops of `10:30 a.m.` end no sentence and are no decimal points.</summary>
internal static partial class HalfDay
{
    /// <summary>`10:30 a.m.` and `10:30\text{ A.M.}` as `10:30 am`; a full stop that also ends a sentence is left.</summary>
    public static string Plain(string text) => !text.Contains('m', StringComparison.OrdinalIgnoreCase)
        ? text
        : Marks().Replace(text, mark =>
            $" {char.ToLowerInvariant(mark.Groups["half"].ValueSpan[0])}m{(EndsSentence(text, mark.Index + mark.Length) ? "." : "")}");

    private static bool EndsSentence(string text, int after) =>
        text[after - 1] == '.' && after + 1 < text.Length && char.IsWhiteSpace(text[after]) && char.IsUpper(text[after + 1]);

    // Letters in a \text of their own need no full stops to be told from a unit or a name.
    [GeneratedRegex(
        @"(?<=\d)(?:\s|~|\\[,;! ]){0,3}(?:\\(?:text|textrm|mathrm|mbox)\s?\{\s?(?<half>[ap])\.?\s?m\.?\s?\}|(?<half>[ap])\.\s?m(?:\.|(?!\p{L})))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marks();
}
