using System.Globalization;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>What tables say of guessing, in pieces of a line.</summary>
internal static class ChanceText
{
    // Smaller probabilities may have lost digits, or all of them.
    private const double LeastProbability = 1e-300;

    /// <summary>Why there is no chance line.</summary>
    public static string Gap(ChanceGap gap, int problems, string lineBreak)
    {
        var count = gap.Missing + gap.Different;
        var have = count == 1 ? "has" : "have";
        var what = gap.Different == 0 ? "no `chance`" : gap.Missing == 0 ? "another `chance` in each run" : "no `chance` or another in each run";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count} of {Figures.Plural(problems, "problem")} {have} {what},{lineBreak}so no chance line is drawn; first: {gap.First}");
    }

    /// <summary>At which k pass@k can be told from guessing and in which direction, and where the sign of model - chance turns.</summary>
    public static IReadOnlyList<string> Above(AboveChanceReport report) =>
        [.. new[] { Told(report), CatchUp(report) }.OfType<string>()];

    private static string Told(AboveChanceReport report)
    {
        var above = Ranges(report.Difference, point => point.Low > 0);
        var below = Ranges(report.Difference, point => point.High < 0);
        return (above, below) switch
        {
            (null, null) => "not told apart from chance at any k",
            (_, null) => $"above chance at {above}",
            (null, _) => $"below chance at {below}",
            _ => $"above chance at {above}, below it at {below}",
        };
    }

    private static string? CatchUp(AboveChanceReport report)
    {
        var search = report.CatchUpSearch;
        if (report.CatchUp is not { } catchUp)
        {
            return search.Outcome switch
            {
                "aboveAtEnd" => $"chance does not catch up within k = {search.WithinK}",
                "aboveNowhere" => "chance is ahead throughout",
                _ => null,
            };
        }
        return $"chance catches up at k = {Figures.K(catchUp.K)} [{Limit(catchUp.Low)}, {Limit(catchUp.High)}]";

        string Limit(double? limit) => limit is { } k ? Figures.K(k) : $"> {search.WithinK}";
    }

    /// <summary>An expected count with the range of one run of guessing.</summary>
    public static string Count(ChanceCount count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count.Expected:0.0} [{count.Low}, {count.High}]");

    /// <summary>A probability after P: "= 0.803".</summary>
    public static string Probability(double probability) =>
        probability < LeastProbability ? "< 1e-300" : "= " + Figures.PValue(probability);

    // "k = 1 to 16, 64": neighbours on the ladder run together.
    private static string? Ranges(IReadOnlyList<CurvePoint> points, Func<CurvePoint, bool> holds)
    {
        var ranges = new List<string>();
        for (var i = 0; i < points.Count; i++)
        {
            if (!holds(points[i]))
                continue;
            var first = i;
            while (i + 1 < points.Count && holds(points[i + 1]))
                i++;
            var start = first == i ? "" : Figures.Whole(points[first].K) + " to ";
            ranges.Add(start + Figures.Whole(points[i].K));
        }
        return ranges.Count == 0 ? null : $"k = {string.Join(", ", ranges)}";
    }
}
