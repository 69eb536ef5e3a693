using System.Numerics;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// Sums of the rows of a table, each row times its weight, for several weightings at once. Lanes hold neighbouring columns, and each column
/// is summed in the order of rows whatever the width and however many weightings there are.
/// </summary>
internal static class WeightedRows
{
    /// <summary>So many sums are under way at once that an addition need not wait for the one before.</summary>
    public const int Together = 4;

    /// <param name="table">`[rows, columns]`.</param>
    /// <param name="weights">`[weightings, rows]`, 1 to <see cref="Together"/> weightings.</param>
    /// <param name="sums">`[weightings, columns]`, overwritten.</param>
    public static void Sum(ProblemTable table, ReadOnlySpan<double> weights, Span<double> sums)
    {
        var weightings = weights.Length / table.Rows;
        Span<double> lanes = stackalloc double[Together * Vector<double>.Count];
        for (var column = 0; column < table.Columns; column += Vector<double>.Count)
        {
            SumLanes(table, column, weights, weightings, lanes);
            for (var i = 0; i < weightings; i++)
            {
                var target = sums.Slice(i * table.Columns, table.Columns)[column..];
                var sum = lanes.Slice(i * Vector<double>.Count, Vector<double>.Count);
                sum[..Math.Min(sum.Length, target.Length)].CopyTo(target);
            }
        }
    }

    // Where there are fewer weightings the last one is summed again.
    private static void SumLanes(ProblemTable table, int column, ReadOnlySpan<double> weights, int weightings, Span<double> lanes)
    {
        var (sum0, sum1, sum2, sum3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        var rows = table.Rows;
        var weights0 = weights[..rows];
        var weights1 = weights.Slice(Math.Min(1, weightings - 1) * rows, rows);
        var weights2 = weights.Slice(Math.Min(2, weightings - 1) * rows, rows);
        var weights3 = weights.Slice(Math.Min(3, weightings - 1) * rows, rows);
        for (var row = 0; row < rows; row++)
        {
            var values = table.Lanes(row, column);
            sum0 += values * weights0[row];
            sum1 += values * weights1[row];
            sum2 += values * weights2[row];
            sum3 += values * weights3[row];
        }
        sum0.CopyTo(lanes);
        sum1.CopyTo(lanes[Vector<double>.Count..]);
        sum2.CopyTo(lanes[(2 * Vector<double>.Count)..]);
        sum3.CopyTo(lanes[(3 * Vector<double>.Count)..]);
    }
}
