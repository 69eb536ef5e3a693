namespace PassAtK.Evaluation.Estimation;

/// <summary>Numbers of each problem, one row a problem: [problems, columns], row by row.</summary>
internal sealed class ProblemTable(int problems, int columns)
{
    private readonly double[] _values = new double[problems * columns];

    public int Problems => problems;

    public int Columns => columns;

    public Span<double> this[int problem] => _values.AsSpan(problem * columns, columns);

    /// <summary>Fills <paramref name="target"/> with a problem's pass@k at each k.</summary>
    public static void FillPassAtK(ProblemCounts problem, ReadOnlySpan<int> ladder, Span<double> target)
    {
        for (var i = 0; i < ladder.Length; i++)
            target[i] = PassAtKEstimator.Estimate(problem.Samples, problem.Correct, ladder[i]);
    }
}
