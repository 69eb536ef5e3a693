namespace PassAtK.Evaluation.Reports.Findings;

/// <summary>Where a run can be told from blind guessing.</summary>
internal static class ChanceFindings
{
    public static IEnumerable<Finding> Of(string name, AboveChanceReport? above, double? chanceAtEnd)
    {
        if (above is null || chanceAtEnd is not { } chance)
            yield break;
        var end = above.Difference[^1];
        var tries = Phrases.Tries(end.K);
        var line = $"Blind guessing reaches {Figures.Percent(chance)}% with {tries}";
        if (end.Low > 0)
            yield return Finding.Shown($"{line}; {name} is above it ({Difference()}).");
        else if (end.High < 0)
            yield return Finding.Caution($"{line}, more than {name} ({Difference()}). What {name} solves at such k says little.");
        else
            yield return Finding.Caution($"{line}; {name} cannot be told from that ({Difference()}).");

        string Difference() => Phrases.Difference(name, "guessing", end);
    }

    public static IEnumerable<Finding> OfGap(ChanceGap? gap, int problems)
    {
        if (gap is not null)
            yield return Finding.Caution($"{ChanceText.Gap(gap, problems, " ")}: how much of this is luck cannot be said.");
    }
}
