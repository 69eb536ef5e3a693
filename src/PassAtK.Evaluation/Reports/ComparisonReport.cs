using System.Text.Json.Serialization;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Forecasting;

namespace PassAtK.Evaluation.Reports;

/// <summary>k* with its limits; a null limit lies beyond the largest k.</summary>
public sealed record CrossoverReport(double K, double? Low, double? High)
{
    /// <summary>Null where there is none.</summary>
    internal static CrossoverReport? Of(Crossover crossover) =>
        crossover.K is { } k ? new CrossoverReport(k, crossover.Low, crossover.High) : null;
}

/// <summary>How the crossover was looked for, which is what is left to say where there is none.</summary>
/// <param name="Outcome">found, baseAheadThroughout, otherAheadAtEnd or identical.</param>
/// <param name="WithinK">The largest k that was looked at.</param>
/// <param name="SignChanges">How often the lead changes hands.</param>
/// <param name="ShareBaseAhead">Share of the lower limit's resamples in which the base leads throughout.</param>
/// <param name="ShareOtherAhead">Share of the upper limit's resamples in which the base is not ahead at the end.</param>
/// <param name="Settled">Whether both limits agree with the outcome.</param>
public sealed record CrossoverSearch(
    string Outcome, int WithinK, int SignChanges, double ShareBaseAhead, double ShareOtherAhead, bool Settled)
{
    internal static CrossoverSearch Of(Crossover crossover)
    {
        var outcome = crossover.Outcome switch
        {
            CrossoverOutcome.Found => "found",
            CrossoverOutcome.BaseAheadThroughout => "baseAheadThroughout",
            CrossoverOutcome.OtherAheadAtEnd => "otherAheadAtEnd",
            _ => "identical",
        };
        return new CrossoverSearch(
            outcome, crossover.WithinK, crossover.SignChanges, crossover.ShareBaseAhead, crossover.ShareOtherAhead,
            crossover.Settled);
    }
}

/// <summary>What two runs say over their common problems. Shares are fractions; null stands for what cannot be said.</summary>
/// <param name="BaseName">The base run's name.</param>
/// <param name="OtherName">The other run's name.</param>
/// <param name="Problems">Common problems.</param>
/// <param name="DroppedBase">Problems of the base run that the other lacks.</param>
/// <param name="DroppedOther">Problems of the other run that the base lacks.</param>
/// <param name="K">The ladder of k; the next lists are aligned with it.</param>
/// <param name="Base">pass@k of the base run.</param>
/// <param name="Other">pass@k of the other run.</param>
/// <param name="BaseIntervals">The same with intervals.</param>
/// <param name="OtherIntervals">The same with intervals.</param>
/// <param name="Difference">other - base with paired intervals.</param>
/// <param name="MajAtK">maj@k of both runs and the paired difference; null where either run's answers are no values to vote over.</param>
/// <param name="Chance">What blind guessing reaches.</param>
/// <param name="ChanceGap">Why there is no chance line though some problems carry a chance; null where all or none do.</param>
/// <param name="BaseAboveChance">pass@k of the base run less chance, and where chance catches up.</param>
/// <param name="OtherAboveChance">The same for the other run.</param>
/// <param name="ChanceSolved">How many problems of each set chance alone would solve with as many tries.</param>
/// <param name="BaseEntropy">
/// Of the distribution that the base run sampled from, over the common problems; null where it came from elsewhere.
/// </param>
/// <param name="OtherEntropy">The same of the other run.</param>
/// <param name="Perplexity">Whether the base knows what the other says; null where its samples are not scored under the base.</param>
/// <param name="ScoreGap">What is missing for that; null where nothing is, or where the samples came from elsewhere.</param>
/// <param name="Crossover">Where the base overtakes for good, null where it does not.</param>
/// <param name="CrossoverSearch">How that was looked for.</param>
/// <param name="Solvable">What either run solves at all.</param>
/// <param name="SamplingEfficiencyGap">pass@K of the base minus pass@1 of the other, at the largest k.</param>
/// <param name="Interval">How the intervals were drawn.</param>
public sealed record ComparisonReport(
    string BaseName,
    string OtherName,
    int Problems,
    int DroppedBase,
    int DroppedOther,
    IReadOnlyList<int> K,
    IReadOnlyList<double> Base,
    IReadOnlyList<double> Other,
    IReadOnlyList<CurvePoint> BaseIntervals,
    IReadOnlyList<CurvePoint> OtherIntervals,
    IReadOnlyList<CurvePoint> Difference,
    PairedMajority? MajAtK,
    IReadOnlyList<double>? Chance,
    ChanceGap? ChanceGap,
    AboveChanceReport? BaseAboveChance,
    AboveChanceReport? OtherAboveChance,
    ChanceOfSets? ChanceSolved,
    SamplingEntropy? BaseEntropy,
    SamplingEntropy? OtherEntropy,
    PerplexityReport? Perplexity,
    ScoreGap? ScoreGap,
    CrossoverReport? Crossover,
    CrossoverSearch CrossoverSearch,
    SolvableSets Solvable,
    CurvePoint SamplingEfficiencyGap,
    IntervalReport Interval)
{
    /// <summary>What of the base run does not count because it is not finished; absent where nothing is left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeftOut? BaseLeftOut { get; init; }

    /// <summary>The same of the other run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeftOut? OtherLeftOut { get; init; }

    /// <summary>The comparison beyond the samples, extrapolated; absent unless asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ComparisonForecastReport? Forecast { get; init; }

    /// <summary>Standard errors of the difference by source, aligned with <see cref="Difference"/>.</summary>
    public IReadOnlyList<StandardError> DifferenceErrors { get; init; } = [];

    /// <summary>Which problems only one of the runs solves.</summary>
    public ChangedSides? ChangedSides { get; init; }

    /// <summary>What else the base run's samples of the common problems say.</summary>
    public MeasuresReport? BaseMeasures { get; init; }

    /// <summary>The same of the other run.</summary>
    public MeasuresReport? OtherMeasures { get; init; }

    /// <summary>Exploration of the other run less that of the base, paired; null where samples came from elsewhere.</summary>
    public MeanEstimate? ExplorationDifference { get; init; }

    /// <param name="base">The run that is compared with.</param>
    /// <param name="other">The run that is compared.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <param name="ladder">At which k curves are evaluated and where they end; by default what the common problems allow.</param>
    /// <param name="forecastTo">The k up to which both curves are forecast; null for no forecast.</param>
    /// <exception cref="InputException">No common problems, an id that comes twice, a bad setting, a k that some problem has too few
    /// samples for, or counts that allow no forecast.</exception>
    public static ComparisonReport Of(
        RunOutcome @base, RunOutcome other, BootstrapSettings? settings = null, LadderChoice? ladder = null, int? forecastTo = null)
    {
        settings ??= BootstrapSettings.Default;
        var paired = PairedComparison.Of(@base.Problems, other.Problems, settings, ladder);
        var common = paired.Problems.Pairs.Select(pair => pair.Base.Id).ToHashSet(StringComparer.Ordinal);
        int[] ks = [.. paired.Difference.Select(point => point.K)];
        var chances = ProblemChances.Of(@base.Problems.Select(problem => problem.Id).Where(common.Contains), @base.Chance, other.Chance);
        // The longest parts, beside each other and beside the rest.
        var perplexity = Beside(() => PerplexityReport.Of(@base, other, common, settings));
        var baseMeasures = Beside(() => MeasuresReport.Of(@base, [.. paired.Problems.Pairs.Select(pair => pair.Base)], settings, ks));
        var otherMeasures = Beside(() => MeasuresReport.Of(other, [.. paired.Problems.Pairs.Select(pair => pair.Other)], settings, ks));
        return new ComparisonReport(
            @base.Name, other.Name,
            paired.Problems.Pairs.Count, paired.Problems.DroppedBase, paired.Problems.DroppedOther,
            ks,
            [.. paired.Base.Select(point => point.Estimate)], [.. paired.Other.Select(point => point.Estimate)],
            paired.Base, paired.Other, paired.Difference,
            Majority(),
            ChancePoint.Curve(chances, ks)?.Select(point => point.Estimate).ToArray(),
            chances.Gap,
            Above(paired.Problems.Pairs.Select(pair => pair.Base)),
            Above(paired.Problems.Pairs.Select(pair => pair.Other)),
            chances.ById is null ? null : ChanceOfSets.Of(paired.Problems, chances.ById, settings.Confidence),
            Entropy(@base),
            Entropy(other),
            perplexity(),
            ScoreGap.Of(@base, other, common),
            CrossoverReport.Of(paired.Crossover),
            CrossoverSearch.Of(paired.Crossover),
            paired.Solvable, paired.SamplingEfficiencyGap,
            IntervalReport.Of(settings))
        {
            BaseLeftOut = @base.LeftOut,
            OtherLeftOut = other.LeftOut,
            Forecast = forecastTo is { } largestK
                ? ComparisonForecastReport.Of(PairedForecast.Of(paired.Problems, largestK, settings), settings)
                : null,
            DifferenceErrors = paired.DifferenceErrors,
            ChangedSides = ChangedSides.Of(paired.Problems),
            BaseMeasures = baseMeasures(),
            OtherMeasures = otherMeasures(),
            ExplorationDifference = @base.Exploration is null || other.Exploration is null
                ? null
                : Exploration.Difference(
                    [.. @base.Exploration.Where(problem => common.Contains(problem.Id))], other.Exploration, settings),
        };

        Func<T> Beside<T>(Func<T> work)
        {
            if (settings.Threads == 1)
                return work;
            var task = Task.Run(work);
            return () => task.GetAwaiter().GetResult();
        }

        PairedMajority? Majority() =>
            @base.AnswersOf(paired.Problems.Pairs.Select(pair => pair.Base)) is { } left
            && other.AnswersOf(paired.Problems.Pairs.Select(pair => pair.Other)) is { } right
                ? MajorityCurve.Paired(left, right, ks, settings)
                : null;

        AboveChanceReport? Above(IEnumerable<ProblemCounts> counts) => chances.ById is null
            ? null
            : AboveChanceReport.Of(AboveChance.Of(
                counts.Select(problem => (problem, chances.ById[problem.Id])), paired.Crossover.WithinK, settings, ladder?.Ks));

        SamplingEntropy? Entropy(RunOutcome run) => run.Surprisal is null
            ? null
            : SamplingEntropy.Of([.. run.Surprisal.Where(problem => common.Contains(problem.Id))], settings);
    }

    /// <summary>The report as one indented JSON document.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, ReportJson.Default.ComparisonReport);
}
