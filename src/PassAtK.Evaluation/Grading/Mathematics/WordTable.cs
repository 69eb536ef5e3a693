using System.Buffers;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>What words and letters mean in answers.</summary>
internal static class WordTable
{
    /// <summary>Longest run of letters that is read as a product of variables.</summary>
    public const int LongestProduct = 3;

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouAEIOU");

    public static readonly Dictionary<string, int> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["zero"] = 0,
        ["one"] = 1,
        ["two"] = 2,
        ["three"] = 3,
        ["four"] = 4,
        ["five"] = 5,
        ["six"] = 6,
        ["seven"] = 7,
        ["eight"] = 8,
        ["nine"] = 9,
        ["ten"] = 10,
        ["eleven"] = 11,
        ["twelve"] = 12,
        ["thirteen"] = 13,
        ["fourteen"] = 14,
        ["fifteen"] = 15,
        ["sixteen"] = 16,
        ["seventeen"] = 17,
        ["eighteen"] = 18,
        ["nineteen"] = 19,
        ["twenty"] = 20,
        ["thirty"] = 30,
        ["forty"] = 40,
        ["fifty"] = 50,
        ["sixty"] = 60,
        ["seventy"] = 70,
        ["eighty"] = 80,
        ["ninety"] = 90,
        ["hundred"] = 100,
    };

    /// <summary>Answers in words that mean the same.</summary>
    public static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["true"] = "yes",
        ["correct"] = "yes",
        ["false"] = "no",
        ["incorrect"] = "no",
        ["none"] = "∅",
        ["no solution"] = "∅",
        ["no solutions"] = "∅",
        ["no real solution"] = "∅",
        ["no real solutions"] = "∅",
        ["does not exist"] = "undefined",
        ["dne"] = "undefined",
        ["empty set"] = "∅",
        ["all real numbers"] = "ℝ",
        ["all reals"] = "ℝ",
    };

    /// <summary>A word that is one name, not several letters.</summary>
    public static bool IsName(string word) =>
        ConstantNames.Spellings.ContainsKey(word) || FunctionNames.Canonical(word) is not null || word is "and" or "or";

    /// <summary>Letters that stand for functions where a bracket follows directly; others are factors.</summary>
    public static bool NamesFunction(string name) => name.Length == 1 ? char.IsAsciiLetterUpper(name[0]) || name is "f" or "g" or "h" : name[1] is '_' or '\'' && name[0] is 'f' or 'g' or 'h';

    public static bool HasVowel(string word) => word.AsSpan().ContainsAny(Vowels);
}
