using System.Text;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// Letter case, code point by code point (Unicode's simple mappings). Python also knows mappings that change the length, such as ß to
/// SS; the few that matter in practice are here.
/// </summary>
internal static class TextCase
{
    public static string Upper(string text) => text.ToUpperInvariant().Replace("ß", "SS");

    public static string Lower(string text) => text.ToLowerInvariant();

    /// <summary>The first code point in upper case, the rest in lower case.</summary>
    public static string Capitalize(string text)
    {
        var (first, rest) = CodePoints.Cut(text);
        return (first == "ß" ? "Ss" : Upper(first)) + Lower(rest);
    }

    /// <summary>str.title: a letter after anything but a letter in upper case, others in lower case.</summary>
    public static string Title(string text)
    {
        var output = new StringBuilder(text.Length);
        var insideWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            output.Append(insideWord ? Lower(rune.ToString()) : Capitalize(rune.ToString()));
            insideWord = IsCased(rune);
        }
        return output.ToString();
    }

    public static string Swap(string text) =>
        CodePoints.Join(CodePoints.Split(text).Select(point => point == Lower(point) ? Upper(point) : Lower(point)));

    public static bool IsUpper(string text) => text.EnumerateRunes().Any(Rune.IsUpper) && !text.EnumerateRunes().Any(Rune.IsLower);

    public static bool IsLower(string text) => text.EnumerateRunes().Any(Rune.IsLower) && !text.EnumerateRunes().Any(Rune.IsUpper);

    private static bool IsCased(Rune rune) => Rune.ToUpperInvariant(rune) != rune || Rune.ToLowerInvariant(rune) != rune;
}
