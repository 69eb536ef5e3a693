namespace PassAtK.Evaluation.Grading;

/// <summary>When two normalised answers are the same answer.</summary>
internal static class MathEquality
{
    private const int DeepestTuple = 8;

    public static bool AreEqual(string gold, string answer) =>
        AreEqual(gold, answer, DeepestTuple)
        // `x = 5 + 5 = 10` states its value last.
        || (answer.LastIndexOf('=') is >= 0 and var equals && !gold.Contains('=', StringComparison.Ordinal)
            && AreEqual(gold, answer[(equals + 1)..], DeepestTuple));

    private static bool AreEqual(string gold, string answer, int depth)
    {
        if (string.Equals(gold, answer, StringComparison.Ordinal))
            return gold.Length > 0;
        if (MathNumber.Read(gold) is { } goldNumber)
            return MathNumber.Read(answer) is { } number && ExactNumber.AreEqual(goldNumber, number);
        return depth > 0 && AreEqualTuples(gold, answer, depth - 1);
    }

    /// <summary>Tuples and intervals: the same brackets around as many parts, equal one by one.</summary>
    private static bool AreEqualTuples(string gold, string answer, int depth)
    {
        if (!IsBracketed(gold) || !IsBracketed(answer) || gold[0] != answer[0] || gold[^1] != answer[^1])
            return false;
        var goldParts = Parts(gold);
        var parts = Parts(answer);
        return goldParts.Count > 1 && goldParts.Count == parts.Count
            && goldParts.Zip(parts).All(pair => AreEqual(pair.First, pair.Second, depth));
    }

    private static bool IsBracketed(string text) => text.Length > 2 && text[0] is '(' or '[' && text[^1] is ')' or ']';

    /// <summary>What stands between the commas that are inside the outer brackets alone.</summary>
    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        var (depth, start) = (0, 1);
        for (var at = 1; at < text.Length - 1; at++)
        {
            depth += text[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            if (depth == 0 && text[at] == ',')
            {
                parts.Add(text[start..at]);
                start = at + 1;
            }
        }
        parts.Add(text[start..^1]);
        return parts;
    }
}
