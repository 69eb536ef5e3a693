namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>
/// The points at which expressions with variables are compared: always the same, drawn from a fixed seed by the variable's name. Three
/// with positive values, three with signs, two with small whole numbers (for factorials and binomial coefficients).
/// </summary>
internal static class SamplePoints
{
    public const int Count = 8;

    private const ulong Seed = 0x9E3779B97F4A7C15;

    public static Rational At(int point, string variable)
    {
        var hash = Hash(variable, point);
        if (point >= 6)
            return new Rational(3 + (int)(hash % 9));
        // Between 1/5 and 3 in steps of 1/1009.
        var value = new Rational(202 + (int)(hash % 2800), 1009);
        return point < 3 || (hash >> 40) % 2 == 0 ? value : -value;
    }

    /// <summary>FNV-1a, then the finisher of SplitMix64.</summary>
    private static ulong Hash(string text, int point)
    {
        var hash = Seed + (ulong)point;
        foreach (var character in text)
            hash = (hash ^ character) * 1099511628211;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
