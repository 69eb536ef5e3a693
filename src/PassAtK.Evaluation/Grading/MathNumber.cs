namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Reads a number as normalised LaTeX writes it: `-3`, `1,234.5`, `3/4`, `\frac{3}{4}`, `1\frac{1}{2}`, each optionally with `%`. Nothing
/// is evaluated.
/// </summary>
internal static class MathNumber
{
    private const string Fraction = @"\frac{";

    /// <summary>Null where the whole text is not one number.</summary>
    public static ExactNumber? Read(ReadOnlySpan<char> text)
    {
        var percent = text.EndsWith("%");
        if (percent)
            text = text[..^1];
        var negative = text.StartsWith("-");
        if (negative || text.StartsWith("+"))
            text = text[1..];
        if (text.StartsWith("-") || text.StartsWith("+") || ReadUnsigned(text) is not { } value)
            return null;
        return (negative ? value.Negated() : value) with { Percent = percent };
    }

    private static ExactNumber? ReadUnsigned(ReadOnlySpan<char> text)
    {
        var fraction = text.IndexOf(Fraction);
        if (fraction == 0)
            return ReadFraction(text);
        if (fraction > 0)
        {
            var whole = ExactNumber.ReadDecimal(text[..fraction]);
            return whole is { Denominator.IsOne: true } && ReadFraction(text[fraction..]) is { Numerator.Sign: >= 0 } part
                ? whole.Value.Plus(part)
                : null;
        }
        var slash = text.IndexOf('/');
        return slash < 0
            ? ExactNumber.ReadDecimal(text)
            : Quotient(ExactNumber.ReadDecimal(text[..slash]), ExactNumber.ReadDecimal(text[(slash + 1)..]));
    }

    /// <summary>`\frac{a}{b}` with decimals a and b and nothing after it.</summary>
    private static ExactNumber? ReadFraction(ReadOnlySpan<char> text)
    {
        text = text[Fraction.Length..];
        var between = text.IndexOf("}{");
        return between < 0 || !text.EndsWith("}")
            ? null
            : Quotient(ExactNumber.ReadDecimal(text[..between]), ExactNumber.ReadDecimal(text[(between + 2)..^1]));
    }

    private static ExactNumber? Quotient(ExactNumber? numerator, ExactNumber? denominator) =>
        numerator is { } above && denominator is { } below ? above.DividedBy(below) : null;
}
