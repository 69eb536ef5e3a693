using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// A model's pass@k less what blind guessing reaches on the same problems. Guessing is exact, so an interval holds what the draw of the
/// problems and of the samples leaves open; both are resampled together, problem by problem.
/// </summary>
/// <param name="Difference">model - chance at each k of the ladder.</param>
/// <param name="CatchUp">
/// Where guessing overtakes the model for good: a crossover with guessing as its base and the model as its other.
/// </param>
public sealed record AboveChance(IReadOnlyList<CurvePoint> Difference, Crossover CatchUp)
{
    /// <param name="problems">Counts and chance of each problem, each with at least <paramref name="largestK"/> samples.</param>
    /// <param name="largestK">Where the ladder ends.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <param name="ks">At which k, the doubling ladder where null.</param>
    /// <exception cref="InputException">A chance outside [0, 1], too few samples, or a setting outside its range.</exception>
    public static AboveChance Of(
        IEnumerable<(ProblemCounts Counts, double Chance)> problems, int largestK, BootstrapSettings? settings = null,
        IReadOnlyList<int>? ks = null)
    {
        settings ??= BootstrapSettings.Default;
        // Counts first: a resample then takes the same counts as one of the run's own curve.
        var ordered = problems
            .OrderBy(problem => problem.Counts.Samples).ThenBy(problem => problem.Counts.Correct).ThenBy(problem => problem.Chance)
            .ToArray();
        var (ladder, dense) = (KLadder.Of(ks, largestK), KLadder.Dense(largestK));
        int[] columns = [.. ladder, .. dense];
        var table = ProblemTable.Of(
            ordered, columns.Length, problem => (problem.Counts.Samples, problem.Counts.Correct, problem.Chance),
            (problem, row) =>
            {
                ProblemTable.FillPassAtK(problem.Counts, columns, row);
                for (var i = 0; i < columns.Length; i++)
                    row[i] -= ChanceCurve.OfProblem(problem.Chance, columns[i]);
            });
        var means = ResampledMeans.Draw(table, settings);
        return new AboveChance(
            [.. ladder.Select((k, column) => means.Point(k, column, ValueRange.Difference))],
            Crossover.Of(dense, means, ladder.Length));
    }
}
