using PassAtK.Evaluation.Grading.Mathematics;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// One spelling for answers in LaTeX that differ only in form: spacing, size and delimiter commands, dollar signs, degrees, units after a
/// number, `\dfrac12` for `\frac{1}{2}`, `\text{Evelyn}` for Evelyn, `x=5` for 5, a full stop at the end.
/// </summary>
internal static class MathText
{
    private static readonly (string Spelling, string Canonical)[] Replacements =
    [
        ("{,}", ","), (@"^{\circ}", ""), (@"^\circ", ""), ("°", ""), ("−", "-"), ("–", "-"), ("€", ""), ("£", ""), ("¥", ""),
        ("π", @"\pi"),
    ];

    public static string Normalise(string text)
    {
        if (text.Length > MathGrader.LongestAnswer)
            return text;
        foreach (var (spelling, canonical) in Replacements)
            text = text.Replace(spelling, canonical, StringComparison.Ordinal);
        text = WithoutWordsAfterNumber(text.Trim());
        text = new LatexNormaliser(text).Normalise().TrimEnd('.', ',', ';', ':');
        return WithoutVariable(WithoutOuterBraces(text));
    }

    /// <summary>`18 dollars` is 18 and `28 percent` is 28%; `2x` and `3 or 4` stay.</summary>
    private static string WithoutWordsAfterNumber(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || space + 2 >= text.Length || MathNumber.Read(text.AsSpan(0, space).Trim('$')) is null)
            return text;
        var words = text.AsSpan(space + 1).TrimEnd(" .$");
        foreach (var character in words)
        {
            if (!char.IsAsciiLetter(character) && character != ' ')
                return text;
        }
        if (words.Length < 2 || words[1] == ' ' || words.StartsWith("or ") || words.StartsWith("and ")
            || !UnitTable.Multiple(words.ToString()).IsOne)
        {
            return text;
        }
        return words.StartsWith("percent") ? text[..space] + "%" : text[..space];
    }

    private static string WithoutOuterBraces(string text)
    {
        while (text.Length > 2 && text[0] == '{' && text[^1] == '}' && ClosesAtEnd(text))
            text = text[1..^1];
        return text;
    }

    private static bool ClosesAtEnd(string text)
    {
        var depth = 0;
        for (var at = 0; at < text.Length - 1; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return false;
        }
        return true;
    }

    /// <summary>The right side of `x=5` or `x\in(0,1)`; a system of equations stays.</summary>
    private static string WithoutVariable(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals == 1 && char.IsAsciiLetter(text[0]) && text.LastIndexOf('=') == 1 && text.Length > 2)
            return text[2..];
        var isMember = text.Length > 4 && char.IsAsciiLetter(text[0]) && text.AsSpan(1).StartsWith(@"\in") && !char.IsAsciiLetter(text[4]);
        return isMember ? text[4..] : text;
    }
}
