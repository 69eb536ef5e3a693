using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>Where pass@k can be told from guessing. Limits are those of each k by itself.</summary>
/// <param name="Difference">model - chance with its interval at each k of the ladder.</param>
/// <param name="UpTo">The largest k of the ladder at which the interval lies above 0; null where it does at none.</param>
/// <param name="BelowFrom">The least k of the ladder from which on the interval lies below 0; null where it does not at the end.</param>
/// <param name="CatchUp">The k from which guessing is ahead for good, null where it never is or always was.</param>
/// <param name="CatchUpSearch">How that was looked for.</param>
public sealed record AboveChanceReport(
    IReadOnlyList<CurvePoint> Difference, int? UpTo, int? BelowFrom, CrossoverReport? CatchUp, CatchUpSearch CatchUpSearch)
{
    internal static AboveChanceReport Of(AboveChance above)
    {
        var (points, catchUp) = (above.Difference, above.CatchUp);
        var below = points.Reverse().TakeWhile(point => point.High < 0).ToArray();
        return new AboveChanceReport(
            points,
            points.Any(point => point.Low > 0) ? points.Last(point => point.Low > 0).K : null,
            below.Length > 0 ? below[^1].K : null,
            CrossoverReport.Of(catchUp),
            CatchUpSearch.Of(catchUp));
    }
}

/// <summary>How the k at which guessing catches up was looked for.</summary>
/// <param name="Outcome">found, aboveAtEnd, aboveNowhere or identical.</param>
/// <param name="WithinK">The largest k that was looked at.</param>
/// <param name="SignChanges">How often the lead changes hands.</param>
/// <param name="ShareAboveNowhere">Share of the lower limit's resamples in which the model is nowhere above guessing.</param>
/// <param name="ShareAboveAtEnd">Share of the upper limit's resamples in which guessing is not ahead at the end.</param>
public sealed record CatchUpSearch(string Outcome, int WithinK, int SignChanges, double ShareAboveNowhere, double ShareAboveAtEnd)
{
    // Guessing has the base's part in the crossover, the model the other's.
    internal static CatchUpSearch Of(Crossover catchUp)
    {
        var outcome = catchUp.Outcome switch
        {
            CrossoverOutcome.Found => "found",
            CrossoverOutcome.OtherAheadAtEnd => "aboveAtEnd",
            CrossoverOutcome.BaseAheadThroughout => "aboveNowhere",
            _ => "identical",
        };
        return new CatchUpSearch(outcome, catchUp.WithinK, catchUp.SignChanges, catchUp.ShareBaseAhead, catchUp.ShareOtherAhead);
    }
}
