namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Reads the words behind a value: `15\text{ cm}^2`, `18 dollars`, `3 m/s`, `28 percent`, `30 degrees`, `52 base 8`.</summary>
internal static class UnitParser
{
    private const int MostWords = 4;

    /// <summary>Whether the next token begins the unit of a value rather than its next factor.</summary>
    public static bool Starts(TokenReader tokens, Expression value)
    {
        var token = tokens.Next;
        return IsUnitLike(token) && !ExpressionTree.HasVariables(value);
    }

    public static bool IsCurrency(Token token) => token.Kind == TokenKind.Symbol && token.Text[0] == LatexSymbols.Currency;

    private static bool IsUnitLike(Token token)
    {
        if (token.IsConnector)
            return false;
        if (token.Kind == TokenKind.Text || IsCurrency(token))
            return true;
        if (token.Kind != TokenKind.Word)
            return false;
        if (token.Text.Length == 1)
            return token.Upright && UnitTable.IsUnit(token.Text);
        if (WordTable.IsName(token.Text) || FunctionNames.PrefixOf(token.Text) is not null)
            return false;
        return token.Text.Length > WordTable.LongestProduct || UnitTable.IsUnit(token.Text)
            || UnitTable.IsPercent(token.Text) || UnitTable.IsDegree(token.Text) || (token.Spaced && WordTable.HasVowel(token.Text));
    }

    /// <summary>The value with its unit; the value where none follows.</summary>
    public static Expression Read(TokenReader tokens, Expression value)
    {
        if (!Starts(tokens, value))
            return value;
        var unit = "";
        var words = 0;
        while (Continues(tokens.Next, unit))
        {
            var token = tokens.Take();
            unit += (unit.Length > 0 && token.Spaced ? " " : "") + token.Text.TrimStart(LatexSymbols.Currency);
            // More words are a sentence.
            if (token.Kind == TokenKind.Word && ++words > MostWords)
                throw new UnreadableException();
        }
        unit = unit.Trim();
        if (UnitTable.IsPercent(unit))
            return new Percentage(value);
        if (UnitTable.IsDegree(unit))
            return new Degrees(value);
        if (unit.StartsWith("base ", StringComparison.Ordinal) && value is NumberLiteral { Decimals: < 0 } literal)
            return WordTable.Numbers.TryGetValue(unit[5..], out var numeralBase) || int.TryParse(unit.AsSpan(5), out numeralBase)
                ? numeralBase == 10 ? literal : new Numeral(literal.Digits.TrimStart('0'), numeralBase)
                : throw new UnreadableException();
        return new Quantity(value, unit);
    }

    private static bool Continues(Token token, string unit) => token.Kind switch
    {
        TokenKind.Text or TokenKind.Word => !token.IsConnector,
        TokenKind.Number => unit.EndsWith('^') || unit.EndsWith("^{", StringComparison.Ordinal) || unit == "base",
        TokenKind.Symbol => token.Text is "^" or "/" or "*" or "{" or "}" or "." or "-" or "'" || IsCurrency(token),
        _ => false,
    };
}
