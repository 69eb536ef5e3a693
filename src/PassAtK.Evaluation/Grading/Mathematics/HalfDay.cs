using System.Text.RegularExpressions;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Times of day: the full stops of `10:30 a.m.` end no sentence and are no decimal points.</summary>
internal static partial class HalfDay
{
    /// <summary>`10:30 a.m.` as `10:30 am`; a full stop that also ends a sentence is left.</summary>
    public static string Plain(string text) => text.Contains(".m", StringComparison.OrdinalIgnoreCase) || text.Contains(". m", StringComparison.OrdinalIgnoreCase)
        ? Marks().Replace(text, mark => mark.Groups[1].Value + "m" + (EndsSentence(text, mark.Index + mark.Length) ? "." : ""))
        : text;

    private static bool EndsSentence(string text, int after) =>
        after + 1 < text.Length && char.IsWhiteSpace(text[after]) && char.IsUpper(text[after + 1]);

    [GeneratedRegex(@"(?<=\d\s?)([ap])\.\s?m(?:\.|(?!\p{L}))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marks();
}
