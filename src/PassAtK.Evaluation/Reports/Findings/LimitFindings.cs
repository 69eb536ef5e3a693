namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>What such data never show.</summary>
internal static class LimitFindings
{
    public static IEnumerable<Finding> OfAny(bool isSampledHere)
    {
        yield return Finding.Limit(
            $"A correct answer is what the grader accepts; whether the reasoning behind it holds was not judged.");
        if (!isSampledHere)
            yield return Finding.Limit($"The numbers come from counts: how they were sampled and graded is not known here.");
    }

    public static Finding OfPair { get; } = Finding.Limit(
        $"The intervals tell how these models would differ on other problems of the same source. They do not tell how another "
            + $"training run of the same recipe would come out, nor what happens on other tasks.");
}
