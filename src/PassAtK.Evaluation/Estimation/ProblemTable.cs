using System.Numerics;

namespace PassAtK.Evaluation.Estimation;

/// <summary>Computes one row of a table.</summary>
internal delegate void FillRow<in T>(T problem, Span<double> row);

/// <summary>
/// Numbers of each problem, [rows, columns]. Problems with equal counts have equal numbers and share a row, which makes resampling
/// thousands of problems cheap: most runs hold few different counts.
/// </summary>
internal sealed class ProblemTable
{
    private readonly double[] _values;

    private ProblemTable(int[] rowOf, int rows, int columns)
    {
        (RowOf, Rows, Columns) = (rowOf, rows, columns);
        Stride = (columns + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        _values = new double[rows * Stride];
    }

    /// <summary>The row of each problem.</summary>
    public int[] RowOf { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>From a row to the next: rows end in zeros that fill up a vector.</summary>
    public int Stride { get; }

    public Span<double> this[int row] => _values.AsSpan(row * Stride, Columns);

    /// <summary>A vector of a row, from a column on that is a multiple of its length.</summary>
    public Vector<double> Lanes(int row, int column) => new(_values, (row * Stride) + column);

    /// <param name="ordered">Problems, those with equal counts next to each other.</param>
    /// <param name="columns">Numbers a problem.</param>
    /// <param name="counts">What decides a problem's numbers.</param>
    /// <param name="fill">Computes them.</param>
    public static ProblemTable Of<T, TCounts>(IReadOnlyList<T> ordered, int columns, Func<T, TCounts> counts, FillRow<T> fill)
        where TCounts : IEquatable<TCounts>
    {
        var rowOf = new int[ordered.Count];
        for (var i = 1; i < ordered.Count; i++)
            rowOf[i] = rowOf[i - 1] + (counts(ordered[i]).Equals(counts(ordered[i - 1])) ? 0 : 1);
        var table = new ProblemTable(rowOf, rowOf[^1] + 1, columns);
        for (var i = 0; i < ordered.Count; i++)
        {
            if (i == 0 || rowOf[i] != rowOf[i - 1])
                fill(ordered[i], table[rowOf[i]]);
        }
        return table;
    }

    /// <summary>A table of rows as they are, in an order that neither file order nor naming can move.</summary>
    public static ProblemTable Of(double[][] rows)
    {
        var table = new ProblemTable([.. Enumerable.Range(0, rows.Length)], rows.Length, rows[0].Length);
        Array.Sort(rows, (left, right) => left.AsSpan().SequenceCompareTo(right));
        for (var i = 0; i < rows.Length; i++)
            rows[i].CopyTo(table[i]);
        return table;
    }

    /// <summary>Fills <paramref name="target"/> with a problem's pass@k at each k.</summary>
    public static void FillPassAtK(ProblemCounts problem, ReadOnlySpan<int> ladder, Span<double> target)
    {
        for (var i = 0; i < ladder.Length; i++)
            target[i] = PassAtKEstimator.Estimate(problem.Samples, problem.Correct, ladder[i]);
    }
}
