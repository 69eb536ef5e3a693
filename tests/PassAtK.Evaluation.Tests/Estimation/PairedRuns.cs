using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

/// <summary>
/// A made-up pair of runs of the usual shape, 100 problems with 512 samples each: the base rarely right but on nearly everything, the
/// other often right on what it solves. The expected numbers in the tests come from a separate program with exact binomials.
/// </summary>
internal static class PairedRuns
{
    public const int Samples = 512;

    private static readonly int[] BaseCorrect =
    [
        0, 18, 80, 1, 31, 109, 6, 49, 142, 14, 71, 1, 26, 98, 4, 42, 129, 10, 63, 1, 21, 88, 2, 36, 117,
        8, 55, 152, 17, 78, 1, 30, 106, 5, 47, 139, 13, 69, 1, 25, 95, 3, 40, 126, 10, 61, 1, 20, 85, 2,
        34, 115, 7, 53, 149, 16, 76, 1, 28, 103, 5, 45, 136, 12, 67, 1, 23, 93, 3, 39, 123, 9, 59, 0, 19,
        83, 2, 33, 112, 6, 51, 145, 15, 73, 1, 27, 101, 4, 44, 132, 11, 65, 1, 22, 90, 3, 37, 120, 8, 57,
    ];

    private static readonly int[] OtherCorrect =
    [
        0, 5, 151, 0, 29, 192, 0, 59, 512, 0, 93, 0, 0, 414, 0, 16, 466, 0, 292, 0, 0, 340, 0, 0, 389,
        0, 224, 440, 0, 269, 0, 121, 316, 0, 161, 365, 36, 203, 0, 67, 247, 0, 102, 292, 1, 141, 0, 22, 181, 0,
        51, 224, 0, 84, 512, 0, 121, 0, 10, 453, 0, 36, 505, 0, 67, 0, 0, 377, 0, 1, 427, 0, 258, 0, 0,
        304, 0, 151, 352, 0, 192, 402, 0, 235, 0, 93, 281, 0, 131, 328, 16, 171, 0, 43, 213, 0, 76, 258, 0, 112,
    ];

    public static IReadOnlyList<ProblemCounts> Base { get; } = Of(Samples, BaseCorrect);

    public static IReadOnlyList<ProblemCounts> Other { get; } = Of(Samples, OtherCorrect);

    /// <summary>Problems p0, p1, ... with the same n.</summary>
    public static IReadOnlyList<ProblemCounts> Of(int samples, params int[] correct) =>
        [.. correct.Select((count, index) => new ProblemCounts($"p{index}", samples, count))];
}
