using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// More than two runs at once, checkpoints of a training for instance or temperatures: each against the first, paired, all over the
/// problems that every run has and up to the k that all of them allow, so that curves, differences, crossovers and gaps can be held against
/// each other. Solvable sets and what chance solves are read at the samples of each pair.
/// </summary>
/// <param name="BaseName">The first run's name.</param>
/// <param name="Names">The others' names.</param>
/// <param name="Problems">Problems that all runs have.</param>
/// <param name="Dropped">Problems of each run, the first included, that some other lacks.</param>
/// <param name="K">The ladder of k.</param>
/// <param name="Base">pass@k of the first run with intervals.</param>
/// <param name="Comparisons">Each other run against the first, in the order of <paramref name="Names"/>.</param>
public sealed record SeriesReport(
    string BaseName,
    IReadOnlyList<string> Names,
    int Problems,
    IReadOnlyList<int> Dropped,
    IReadOnlyList<int> K,
    IReadOnlyList<CurvePoint> Base,
    IReadOnlyList<ComparisonReport> Comparisons)
{
    /// <summary>Most runs in one chart and table, the first included.</summary>
    public const int MostRuns = 8;

    /// <param name="runs">Two to eight, the first the base.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <param name="ks">At which k, the doubling ladder where null.</param>
    /// <exception cref="InputException">
    /// Too few or too many runs, no problem that all have, or as <see cref="ComparisonReport.Of"/>.
    /// </exception>
    public static SeriesReport Of(IReadOnlyList<RunOutcome> runs, BootstrapSettings? settings = null, IReadOnlyList<int>? ks = null)
    {
        if (runs.Count is < 2 or > MostRuns)
            throw new InputException($"{runs.Count} runs are to be compared, expected 2 to {MostRuns}.");
        var common = runs.Select(run => run.Problems.Select(problem => problem.Id))
            .Aggregate((left, right) => left.Intersect(right)).ToHashSet(StringComparer.Ordinal);
        if (common.Count == 0)
            throw new InputException($"the {runs.Count} runs have no problem in common, expected at least one.");
        var kept = runs.Select(run => run with { Problems = [.. run.Problems.Where(problem => common.Contains(problem.Id))] }).ToArray();
        var ladder = new LadderChoice(ks, kept.Min(run => run.Problems.Min(problem => problem.Samples)));
        var comparisons = kept.Skip(1).Select(run => ComparisonReport.Of(kept[0], run, settings, ladder)).ToArray();
        return new SeriesReport(
            runs[0].Name, [.. runs.Skip(1).Select(run => run.Name)], common.Count,
            [.. runs.Select(run => run.Problems.Count - common.Count)],
            comparisons[0].K, comparisons[0].BaseIntervals, comparisons);
    }

    /// <summary>The report as one indented JSON document.</summary>
    public string ToJson() => System.Text.Json.JsonSerializer.Serialize(this, ReportJson.Default.SeriesReport);
}
