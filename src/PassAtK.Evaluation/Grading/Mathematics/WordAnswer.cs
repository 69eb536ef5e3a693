using System.Text;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Answers in words: `\text{Evelyn}`, `even`, `no solution`.</summary>
internal static class WordAnswer
{
    /// <summary>
    /// The words in one spelling; null where the answer holds numbers or operators, or letters that can only be mathematics.
    /// </summary>
    public static string? Read(List<Token> tokens)
    {
        var text = new StringBuilder();
        var hasWord = false;
        var follows = false;
        foreach (var token in tokens)
        {
            var followsWord = follows;
            follows = token.Kind is TokenKind.Text or TokenKind.Word;
            switch (token.Kind)
            {
                case TokenKind.Text:
                    hasWord = true;
                    break;
                case TokenKind.Word:
                    hasWord |= token.Text.Length > 1 && !WordTable.IsName(token.Text);
                    break;
                case TokenKind.End:
                    continue;
                case TokenKind.Symbol when token.Text is "." or "," or "'" or "(" or ")":
                // A hyphen joins words; a sign stands before one.
                case TokenKind.Symbol when token.Text is "-" && followsWord:
                    continue;
                default:
                    return null;
            }
            if (text.Length > 0)
                text.Append(' ');
            text.Append(token.Text);
        }
        return hasWord ? text.ToString() : null;
    }

    /// <summary>Without articles, in the word that its synonyms share; case counts only strictly.</summary>
    public static string Canonical(string words, bool strict)
    {
        if (strict)
            return words;
        var lower = words.ToLowerInvariant();
        foreach (var article in (string[])["the ", "a ", "an "])
        {
            if (lower.StartsWith(article, StringComparison.Ordinal))
                lower = lower[article.Length..];
        }
        return WordTable.Synonyms.GetValueOrDefault(lower, lower);
    }

    /// <summary>What mathematics the words stand for: `seven`, `no solution`; null for other words.</summary>
    public static Expression? Meaning(string words)
    {
        var canonical = Canonical(words, strict: false);
        if (WordTable.Numbers.TryGetValue(canonical, out var number))
            return NumberLiteral.Of(number);
        return canonical is ConstantNames.Empty or ConstantNames.Reals ? new Symbol(canonical) : null;
    }
}
