using System.Text;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>What came of a comparison.</summary>
/// <param name="AreEqual">The answers are the same.</param>
/// <param name="Exhausted">The budget ended before the comparison did; the answers then count as different.</param>
internal readonly record struct ComparisonResult(bool AreEqual, bool Exhausted = false);

/// <summary>
/// When two answers, as texts, are the same: as normalised texts, as words, or as parsed expressions. Symmetric, because the texts are put
/// in order first; reflexive, because equal texts are equal.
/// </summary>
internal static class AnswerComparison
{
    /// <summary>Work for one comparison, in units of <see cref="WorkBudget"/>: some fifty milliseconds at most.</summary>
    public const long Budget = 2_000_000;

    public static ComparisonResult Compare(string left, string right, bool strict, long budget = Budget)
    {
        (left, right) = (left.Trim(), right.Trim());
        if (string.CompareOrdinal(left, right) > 0)
            (left, right) = (right, left);
        if (left == right)
            return new(left.Length > 0);
        try
        {
            return new(AreEqual(left, right, strict, budget));
        }
        catch (WorkLimitException)
        {
            return new(false, Exhausted: true);
        }
        catch (Exception error) when (error is UnreadableException or UndefinedValueException)
        {
            return new(false);
        }
    }

    private static bool AreEqual(string left, string right, bool strict, long budget)
    {
        if (WithoutSpaces(left) is { Length: > 0 } plain && plain == WithoutSpaces(right))
            return true;
        var (leftWords, rightWords) = (WordsOf(left), WordsOf(right));
        if (leftWords is not null && rightWords is not null)
            return WordAnswer.Canonical(leftWords, strict) == WordAnswer.Canonical(rightWords, strict);
        if (Read(left, leftWords) is not { } one || Read(right, rightWords) is not { } two)
            return !strict && PlainText(left) is { Length: > 0 } text && text == PlainText(right);
        var equality = new AnswerEquality(strict, new WorkBudget(budget));
        return equality.AreEqual(AnswerShape.Of(one), AnswerShape.Of(two))
            || (!strict && AreEqualWithDecimalComma(equality, left, one, right, two));
    }

    private static Expression? Read(string text, string? words) =>
        (words is null ? null : WordAnswer.Meaning(words)) ?? ExpressionParser.Parse(text);

    /// <summary>Normalised LaTeX, with `x^{2}` as `x^2`: all that is left to compare where a text is no expression.</summary>
    private static string PlainText(string text)
    {
        text = MathText.Normalise(text);
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var isArgument = text[at] is '^' or '_' && at + 3 < text.Length && text[at + 1] == '{' && text[at + 3] == '}';
            plain.Append(text[at]);
            if (!isArgument)
                continue;
            plain.Append(text[at + 2]);
            at += 3;
        }
        return plain.ToString();
    }

    /// <summary>Blanks and dollar signs go, except blanks between letters or digits.</summary>
    private static string WithoutSpaces(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var separates = kept.Length > 0 && char.IsLetterOrDigit(kept[^1]) && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]);
            if (text[at] != '$' && (text[at] != ' ' || separates))
                kept.Append(text[at]);
        }
        return kept.ToString();
    }

    /// <summary>The words of an answer in words; null for any other.</summary>
    public static string? WordsOf(string text)
    {
        try
        {
            return WordAnswer.Read(LatexLexer.Read(text));
        }
        catch (UnreadableException)
        {
            return null;
        }
    }

    /// <summary>`1000,99` is a list of two numbers, but against a single number it has a decimal comma; `3,4` is a list always.</summary>
    private static bool AreEqualWithDecimalComma(AnswerEquality equality, string left, Expression one, string right, Expression two)
    {
        if (one is Sequence == two is Sequence)
            return false;
        var (list, other) = one is Sequence ? (left, two) : (right, one);
        var text = list.Trim().Trim('$');
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && comma < text.Length - 2 && text.AsSpan(comma + 1).IndexOfAnyExceptInRange('0', '9') < 0
            && text.AsSpan(0, comma).TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0
            && ExpressionParser.Parse(text.Replace(',', '.')) is NumberLiteral number && equality.AreEqual(number, other);
    }
}
