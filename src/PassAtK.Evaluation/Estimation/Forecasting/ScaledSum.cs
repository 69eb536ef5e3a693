using System.Numerics;

namespace PassAtK.Evaluation.Estimation.Forecasting;

/// <summary>Adds multiples of rows. Lanes hold neighbouring columns: each column is summed in the order of the calls whatever the width.</summary>
internal static class ScaledSum
{
    /// <summary>Adds <paramref name="weight"/> times the row to the sums, of which there are at most as many.</summary>
    public static void Add(Span<double> sums, ReadOnlySpan<double> row, double weight)
    {
        var column = 0;
        for (; column <= sums.Length - Vector<double>.Count; column += Vector<double>.Count)
        {
            var sum = new Vector<double>(sums[column..]) + (new Vector<double>(row[column..]) * weight);
            sum.CopyTo(sums[column..]);
        }
        for (; column < sums.Length; column++)
            sums[column] += row[column] * weight;
    }
}
