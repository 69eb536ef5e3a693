namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>Whether, where and how surely the base overtakes.</summary>
internal static class CrossoverFindings
{
    public static IEnumerable<Finding> Of(ComparisonReport report)
    {
        var (search, outside) = (report.CrossoverSearch, (1 - report.Interval.Confidence) / 2);
        var (first, second) = (report.BaseName, report.OtherName);
        if (report.Crossover is { } crossover)
        {
            yield return Found(report, crossover, search);
            if (search.SignChanges > 1)
                yield return Finding.Caution($"The lead changes hands {search.SignChanges} times; the crossover is the last of them.");
            yield break;
        }
        var with = 1 - search.ShareBaseAhead - search.ShareOtherAhead;
        var doubt = with > outside
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" {Figures.Percent(with)}% of resamples have one, so it "
            + $"is not ruled out.")
            : "";
        yield return search.Outcome switch
        {
            "identical" => Finding.Shown($"The two curves are the same at every k up to {search.WithinK}."),
            "baseAheadThroughout" when with > outside || search.ShareOtherAhead > outside => Finding.Open(
                $"There is no crossover within k = {search.WithinK}: {second} is ahead nowhere, but not surely so.{doubt}"),
            "baseAheadThroughout" => Finding.Shown($"There is no crossover within k = {search.WithinK}: {second} is ahead nowhere."),
            _ when with > outside || search.ShareBaseAhead > outside => Finding.Open(
                $"No crossover within k = {search.WithinK}: {first} does not overtake {second}.{doubt} More samples could show one "
                    + $"further out."),
            _ => Finding.Shown(
                $"No crossover within k = {search.WithinK}: {first} does not overtake {second}. What happens beyond {search.WithinK} "
                    + $"tries was not sampled."),
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
