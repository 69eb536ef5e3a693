using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>Perplexities of two runs' samples over their common problems.</summary>
/// <param name="All">Of all samples.</param>
/// <param name="Correct">Of correct samples, over the problems where both runs have some; null where there is none.</param>
public sealed record PerplexityReport(PairedPerplexity All, PairedPerplexity? Correct)
{
    /// <param name="base">The base run.</param>
    /// <param name="other">The other, with the scores under the base's model.</param>
    /// <param name="common">Ids of the common problems.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <returns>Null where a run came from elsewhere, or samples of the other lack a score.</returns>
    internal static PerplexityReport? Of(RunOutcome @base, RunOutcome other, IReadOnlySet<string> common, BootstrapSettings settings)
    {
        if (@base.Likelihoods is null || other.Likelihoods is null || Unscored(other, common) > 0)
            return null;
        return Of(sample => true) is { } all ? new PerplexityReport(all, Of(sample => sample.Correct == true)) : null;

        PairedPerplexity? Of(Func<SampleLikelihood, bool> which) => PairedPerplexity.Of(
            @base.Likelihoods.Where(problem => common.Contains(problem.Id)),
            other.Likelihoods.Where(problem => common.Contains(problem.Id)),
            which, settings);
    }

    internal static long Unscored(RunOutcome other, IReadOnlySet<string> common) => (other.Likelihoods ?? [])
        .Where(problem => common.Contains(problem.Id)).Sum(problem => problem.Samples.LongCount(sample => sample.Scored is null));
}

/// <summary>Why a comparison has no perplexities though it could: samples of the other run are not scored under the base's model.</summary>
/// <param name="Unscored">How many samples of common problems.</param>
/// <param name="Run">The other run's file.</param>
/// <param name="Model">Folder of the base's model, as its run was made with.</param>
public sealed record ScoreGap(long Unscored, string Run, string Model)
{
    internal static ScoreGap? Of(RunOutcome @base, RunOutcome other, IReadOnlySet<string> common) =>
        @base.Source is { } scorer && other.Source is { } scored && PerplexityReport.Unscored(other, common) is var unscored and > 0
            ? new ScoreGap(unscored, scored.Path, scorer.Model)
            : null;
}
