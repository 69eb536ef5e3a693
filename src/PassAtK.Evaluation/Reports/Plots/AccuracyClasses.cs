using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports.Plots;

/// <summary>
/// Problems by the share of their samples that is correct: none, tenths, all. A trained model moves problems from the middle to both ends
/// where it solves fewer of them more often. Source: the accuracy distributions of arXiv 2504.13837.
/// </summary>
public static class AccuracyClasses
{
    private const int Tenths = 10;

    public static IReadOnlyList<(string Short, string Long)> Names { get; } =
    [
        ("0%", "no sample correct"),
        .. Enumerable.Range(0, Tenths).Select(Tenth),
        ("100%", "all samples correct"),
    ];

    /// <summary>`[class]`: how many problems.</summary>
    public static IReadOnlyList<int> Count(IEnumerable<ProblemCounts> problems)
    {
        var counts = new int[Tenths + 2];
        foreach (var problem in problems)
            counts[Of(problem)]++;
        return counts;
    }

    /// <summary>0 for none, 1 to 10 for tenths with their lower end included (the first without 0), 11 for all.</summary>
    public static int Of(ProblemCounts problem) =>
        problem.Correct == 0 ? 0
        : problem.Correct == problem.Samples ? Tenths + 1
        : 1 + (int)((long)Tenths * problem.Correct / problem.Samples);

    private static (string Short, string Long) Tenth(int tenth) => (
        string.Create(CultureInfo.InvariantCulture, $"{(tenth == 0 ? ">" : "")}{10 * tenth}%"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(tenth == 0 ? "more than " : "")}{10 * tenth}% to under {(10 * tenth) + 10}% of samples correct"));
}
