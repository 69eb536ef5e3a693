using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class WeightedRowsTests
{
    [Fact]
    public void Sums_have_the_bits_of_a_plain_loop_for_any_number_of_rows_columns_and_weightings()
    {
        var random = new Random(1);
        for (var weightings = 1; weightings <= WeightedRows.Together; weightings++)
        {
            for (var columns = 1; columns <= 17; columns++)
            {
                var rows = random.Next(1, 30);
                double[][] values = [.. Enumerable.Range(0, rows).Select(_ => Numbers(random, columns))];
                var table = ProblemTable.Of([.. Enumerable.Range(0, rows)], columns, row => row, (row, target) => values[row].CopyTo(target));
                var weights = Numbers(random, weightings * rows);
                var sums = Numbers(random, weightings * columns);
                WeightedRows.Sum(table, weights, sums);
                for (var i = 0; i < sums.Length; i++)
                {
                    var expected = 0.0;
                    for (var row = 0; row < rows; row++)
                        expected += values[row][i % columns] * weights[(i / columns * rows) + row];
                    Assert.Equal(expected, sums[i]);
                }
            }
        }
    }

    private static double[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
}
