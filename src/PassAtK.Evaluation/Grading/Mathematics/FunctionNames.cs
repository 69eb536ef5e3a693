namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Functions that the grader knows, under one name each.</summary>
internal static class FunctionNames
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["sin"] = "sin",
        ["cos"] = "cos",
        ["tan"] = "tan",
        ["tg"] = "tan",
        ["cot"] = "cot",
        ["ctg"] = "cot",
        ["sec"] = "sec",
        ["csc"] = "csc",
        ["cosec"] = "csc",
        ["arcsin"] = "arcsin",
        ["asin"] = "arcsin",
        ["arccos"] = "arccos",
        ["acos"] = "arccos",
        ["arctan"] = "arctan",
        ["atan"] = "arctan",
        ["arctg"] = "arctan",
        ["arccot"] = "arccot",
        ["sinh"] = "sinh",
        ["cosh"] = "cosh",
        ["tanh"] = "tanh",
        ["ln"] = "ln",
        ["log"] = "ln",
        ["lg"] = "lg",
        ["exp"] = "exp",
        ["abs"] = "abs",
        ["floor"] = "floor",
        ["ceil"] = "ceil",
        ["sqrt"] = "sqrt",
        ["cbrt"] = "cbrt",
        ["gcd"] = "gcd",
        ["lcm"] = "lcm",
        ["max"] = "max",
        ["min"] = "min",
        ["binom"] = "binom",
        ["factorial"] = "factorial",
        ["Re"] = "Re",
        ["Im"] = "Im",
        ["det"] = "det",
    };

    private static readonly Dictionary<string, string> Inverses = new(StringComparer.Ordinal)
    {
        ["sin"] = "arcsin",
        ["cos"] = "arccos",
        ["tan"] = "arctan",
        ["cot"] = "arccot",
    };

    public static string? Canonical(string word) => Known.GetValueOrDefault(word);

    /// <summary>What `\sin^{-1}` means; null for a function that has no inverse here.</summary>
    public static string? Inverse(string function) => Inverses.GetValueOrDefault(function);

    /// <summary>The function whose name and a single variable are the word, as in `sinx`; null for other words.</summary>
    public static string? PrefixOf(string word)
    {
        var name = word.EndsWith("pi", StringComparison.Ordinal) ? word[..^2] : word[..^1];
        return name is not ("tg" or "lg" or "Re" or "Im") && Known.ContainsKey(name) ? name : null;
    }
}
