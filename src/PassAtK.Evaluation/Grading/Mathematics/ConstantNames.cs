namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>Symbols that stand for one value.</summary>
internal static class ConstantNames
{
    public const string Pi = "π";
    public const string Euler = "e";
    public const string Imaginary = "i";
    public const string Infinity = "∞";
    public const string Empty = "∅";
    public const string Reals = "ℝ";

    /// <summary>Words that mean a constant.</summary>
    public static readonly Dictionary<string, string> Spellings = new(StringComparer.Ordinal)
    {
        ["pi"] = Pi,
        ["Pi"] = Pi,
        ["infinity"] = Infinity,
        ["Infinity"] = Infinity,
        ["infty"] = Infinity,
        ["inf"] = Infinity,
        ["oo"] = Infinity,
    };

    public static bool IsConstant(string name) => name is Pi or Euler or Imaginary or Infinity or Empty or Reals;
}
