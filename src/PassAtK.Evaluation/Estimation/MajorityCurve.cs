using PassAtK.Engine;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// maj@k of a run over the same problems and k as its pass@k, with intervals from the same resamples of problems: problems are put in
/// order by their counts first.
/// </summary>
public static class MajorityCurve
{
    /// <param name="problems">n, c and answers of each problem, each with at least as many samples as the largest k.</param>
    /// <param name="ladder">At which k, ascending.</param>
    /// <param name="settings">How intervals are drawn.</param>
    /// <exception cref="InputException">
    /// The answers contradict the counts, there are too few samples, or a setting is outside its range.
    /// </exception>
    public static IReadOnlyList<CurvePoint> Of(
        IReadOnlyList<(ProblemCounts Counts, ProblemAnswers Answers)> problems, int[] ladder, BootstrapSettings? settings = null)
    {
        settings ??= BootstrapSettings.Default;
        var rows = Rows(problems, ladder, settings);
        // Equal counts in the order of their values, which no name or file order decides.
        var ordered = problems.Zip(rows, (problem, row) => (problem.Counts, Row: new Values(row)))
            .OrderBy(problem => problem.Counts.Samples).ThenBy(problem => problem.Counts.Correct).ThenBy(problem => problem.Row).ToArray();
        var table = ProblemTable.Of(
            ordered, ladder.Length, problem => problem.Row, (problem, row) => problem.Row.Numbers.CopyTo(row));
        var means = ResampledMeans.Draw(table, settings);
        return [.. ladder.Select((k, column) => means.Point(k, column, ValueRange.Share))];
    }

    /// <summary>Two runs over their common problems, given in the same order; a problem's two results stay paired.</summary>
    /// <exception cref="InputException">As <see cref="Of"/>.</exception>
    public static PairedMajority Paired(
        IReadOnlyList<(ProblemCounts Counts, ProblemAnswers Answers)> @base,
        IReadOnlyList<(ProblemCounts Counts, ProblemAnswers Answers)> other,
        int[] ladder, BootstrapSettings? settings = null)
    {
        settings ??= BootstrapSettings.Default;
        var rungs = ladder.Length;
        var ordered = Enumerable.Range(0, @base.Count)
            .Zip(Rows(@base, ladder, settings), Rows(other, ladder, settings))
            .Select(pair => (Base: @base[pair.First].Counts, Other: other[pair.First].Counts,
                Row: new Values([.. pair.Second, .. pair.Third, .. pair.Third.Zip(pair.Second, (right, left) => right - left)])))
            .OrderBy(pair => pair.Base.Samples).ThenBy(pair => pair.Base.Correct)
            .ThenBy(pair => pair.Other.Samples).ThenBy(pair => pair.Other.Correct).ThenBy(pair => pair.Row)
            .ToArray();
        var table = ProblemTable.Of(ordered, 3 * rungs, pair => pair.Row, (pair, row) => pair.Row.Numbers.CopyTo(row));
        var means = ResampledMeans.Draw(table, settings);
        return new PairedMajority(Points(0, ValueRange.Share), Points(rungs, ValueRange.Share), Points(2 * rungs, ValueRange.Difference));

        IReadOnlyList<CurvePoint> Points(int first, ValueRange values) =>
            [.. ladder.Select((k, rung) => means.Point(k, first + rung, values))];
    }

    private static double[][] Rows(
        IReadOnlyList<(ProblemCounts Counts, ProblemAnswers Answers)> problems, int[] ladder, BootstrapSettings settings)
    {
        foreach (var (counts, answers) in problems)
        {
            if (counts.Samples != answers.Samples || counts.Correct != answers.Correct)
            {
                throw new InputException(
                    $"problem '{counts.Id}' has {counts.Correct} of {counts.Samples} samples correct, "
                    + $"but its answers make {answers.Correct} of {answers.Samples}.");
            }
        }
        var rows = new double[problems.Count][];
        Parallel.For(0, rows.Length, settings.Parallelism, at => rows[at] = [.. ladder.Select(k => MajorityVote.Estimate(problems[at].Answers, k))]);
        return rows;
    }

    /// <summary>A row of numbers, equal and ordered by them.</summary>
    private readonly record struct Values(double[] Numbers) : IComparable<Values>
    {
        public bool Equals(Values other) => Numbers.AsSpan().SequenceEqual(other.Numbers);

        public override int GetHashCode() => Numbers.Length == 0 ? 0 : Numbers[^1].GetHashCode();

        public int CompareTo(Values other) => Numbers.AsSpan().SequenceCompareTo(other.Numbers);
    }
}

/// <summary>maj@k of two runs over their common problems.</summary>
/// <param name="Base">Of the base run.</param>
/// <param name="Other">Of the other run.</param>
/// <param name="Difference">other - base.</param>
public sealed record PairedMajority(IReadOnlyList<CurvePoint> Base, IReadOnlyList<CurvePoint> Other, IReadOnlyList<CurvePoint> Difference);
