namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The standard error of a mean over problems by source, at one k: variances add up. Between problems answers "had other problems of the
/// same kind been taken", within problems "had these very problems been sampled again".
/// </summary>
/// <param name="K">Of pass@k.</param>
/// <param name="Total">
/// Of both sources: the standard deviation over problems, over the root of their number; null for a single problem.
/// </param>
/// <param name="BetweenProblems">Of the choice of problems; null for a single problem.</param>
/// <param name="WithinProblems">Of the choice of samples.</param>
public readonly record struct StandardError(int K, double? Total, double? BetweenProblems, double WithinProblems)
{
    /// <summary>The errors of a run's pass@k.</summary>
    internal static IReadOnlyList<StandardError> Of(IReadOnlyList<ProblemCounts> problems, IReadOnlyList<int> ladder) =>
        Of([.. problems.Select(problem => (problem.Samples, problem.Correct))], ladder, Curve);

    /// <summary>The errors of the difference other - base.</summary>
    internal static IReadOnlyList<StandardError> Of(PairedProblems problems, IReadOnlyList<int> ladder) => Of(
        [.. problems.Pairs.Select(pair => (Base: (pair.Base.Samples, pair.Base.Correct), Other: (pair.Other.Samples, pair.Other.Correct)))],
        ladder,
        (pair, k) =>
        {
            var (left, right) = (Curve(pair.Base, k), Curve(pair.Other, k));
            return (right.Value - left.Value, right.Variance + left.Variance);
        });

    private static (double Value, double Variance) Curve((int Samples, int Correct) problem, int k) =>
        (PassAtKEstimator.Estimate(problem.Samples, problem.Correct, k), SamplingVariance.Of(problem.Samples, problem.Correct, k));

    private static StandardError[] Of<T>(T[] problems, IReadOnlyList<int> ladder, Func<T, int, (double Value, double Variance)> read)
        where T : IEquatable<T>
    {
        // Most runs hold few different counts.
        var groups = problems.CountBy(problem => problem).ToArray();
        double n = problems.Length;
        return [.. ladder.Select(k =>
        {
            var (sum, within) = (0.0, 0.0);
            var values = new double[groups.Length];
            for (var i = 0; i < groups.Length; i++)
            {
                (values[i], var variance) = read(groups[i].Key, k);
                sum += groups[i].Value * values[i];
                within += groups[i].Value * variance;
            }
            within /= n * n;
            if (problems.Length == 1)
                return new StandardError(k, null, null, Math.Sqrt(within));
            var mean = sum / n;
            var squares = groups.Select((group, i) => group.Value * (values[i] - mean) * (values[i] - mean)).Sum();
            var total = squares / (n * (n - 1));
            return new StandardError(k, Math.Sqrt(total), Math.Sqrt(Math.Max(0, total - within)), Math.Sqrt(within));
        })];
    }
}
