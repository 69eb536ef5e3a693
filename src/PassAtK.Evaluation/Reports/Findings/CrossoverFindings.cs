namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>Whether, where and how surely the base overtakes.</summary>
internal static class CrossoverFindings
{
    public static IEnumerable<Finding> Of(ComparisonReport report)
    {
        var search = report.CrossoverSearch;
        var (first, second) = (report.BaseName, report.OtherName);
        if (report.Crossover is { } crossover)
        {
            yield return Found(report, crossover, search);
            if (search.SignChanges > 1)
                yield return Finding.Caution($"The lead changes hands {search.SignChanges} times; the crossover is the last of them.");
            yield break;
        }
        yield return (search.Outcome, search.Settled) switch
        {
            ("identical", _) => Finding.Shown($"The two curves are the same at every k up to {search.WithinK}."),
            ("baseAheadThroughout", true) => Finding.Shown(
                $"There is no crossover within k = {search.WithinK}: {second} is ahead nowhere."),
            ("baseAheadThroughout", false) => Finding.Open(
                $"There is no crossover within k = {search.WithinK}: {second} is ahead nowhere, but other problems could show one."),
            (_, true) => Finding.Shown(
                $"No crossover within k = {search.WithinK}: {first} does not overtake {second}. What happens beyond {search.WithinK} "
                    + $"tries was not sampled."),
            _ => Finding.Open(
                $"No crossover within k = {search.WithinK}: {first} does not overtake {second}, but other problems could show one. More "
                    + $"samples could show one further out."),
        };
    }

    private static Finding Found(ComparisonReport report, CrossoverReport crossover, CrossoverSearch search)
    {
        var confidence = Figures.Confidence(report.Interval);
        if (crossover is { Low: { } low, High: { } high })
        {
            return low > 1
                ? Finding.Shown(
                    $"The curves cross at k = {Figures.K(crossover.K)} ({confidence} interval {Figures.K(low)} to {Figures.K(high)}): "
                        + $"with fewer tries {report.OtherName} is ahead, with more {report.BaseName}.")
                : Finding.Open(
                    $"The curves cross at k = {Figures.K(crossover.K)}, but the {confidence} interval goes from 1 to {Figures.K(high)}: "
                        + $"{report.BaseName} may be ahead from the first try on.");
        }
        var from = crossover.Low is { } start ? $"starts at {Figures.K(start)} and " : "";
        return Finding.Open(
            $"The curves cross at k = {Figures.K(crossover.K)}, but the {confidence} interval {from}ends beyond the {search.WithinK} "
                + $"tries that were sampled: that {report.BaseName} overtakes within them is likely at best, not settled.");
    }
}
