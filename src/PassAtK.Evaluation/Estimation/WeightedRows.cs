using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// Sums of the rows of a table, each row times its weight, for many weightings at once. Lanes hold neighbouring columns, and each column is
/// summed in the order of rows whatever the width and however many weightings there are.
/// </summary>
internal static class WeightedRows
{
    // So many sums are under way at once that an addition need not wait for the one before.
    private const int Together = 4;

    /// <param name="table">`[rows, columns]`.</param>
    /// <param name="weights">`[weightings, rows]`.</param>
    /// <param name="sums">`[weightings, columns]`, overwritten.</param>
    public static void Sum(ProblemTable table, ReadOnlySpan<double> weights, Span<double> sums)
    {
        var weightings = weights.Length / table.Rows;
        Span<double> lanes = stackalloc double[Together * Vector<double>.Count];
        for (var first = 0; first < weightings; first += Together)
        {
            var count = Math.Min(Together, weightings - first);
            for (var column = 0; column < table.Columns; column += Vector<double>.Count)
            {
                SumLanes(table, column, weights[(first * table.Rows)..], count, lanes);
                for (var i = 0; i < count; i++)
                {
                    var target = sums.Slice((first + i) * table.Columns, table.Columns)[column..];
                    var sum = lanes.Slice(i * Vector<double>.Count, Vector<double>.Count);
                    sum[..Math.Min(sum.Length, target.Length)].CopyTo(target);
                }
            }
        }
    }

    // Where fewer weightings are left the last one is summed again.
    private static void SumLanes(ProblemTable table, int column, ReadOnlySpan<double> weights, int count, Span<double> lanes)
    {
        var (sum0, sum1, sum2, sum3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        var rows = table.Rows;
        ref var weights0 = ref MemoryMarshal.GetReference(weights[..rows]);
        ref var weights1 = ref MemoryMarshal.GetReference(weights.Slice(Math.Min(1, count - 1) * rows, rows));
        ref var weights2 = ref MemoryMarshal.GetReference(weights.Slice(Math.Min(2, count - 1) * rows, rows));
        ref var weights3 = ref MemoryMarshal.GetReference(weights.Slice(Math.Min(3, count - 1) * rows, rows));
        ref var values = ref MemoryMarshal.GetReference(table.Lanes(0, column));
        for (nuint row = 0; row < (nuint)rows; row++)
        {
            var value = Vector.LoadUnsafe(ref values, row * (nuint)table.Stride);
            sum0 += value * Unsafe.Add(ref weights0, row);
            sum1 += value * Unsafe.Add(ref weights1, row);
            sum2 += value * Unsafe.Add(ref weights2, row);
            sum3 += value * Unsafe.Add(ref weights3, row);
        }
        sum0.CopyTo(lanes);
        sum1.CopyTo(lanes[Vector<double>.Count..]);
        sum2.CopyTo(lanes[(2 * Vector<double>.Count)..]);
        sum3.CopyTo(lanes[(3 * Vector<double>.Count)..]);
    }
}
