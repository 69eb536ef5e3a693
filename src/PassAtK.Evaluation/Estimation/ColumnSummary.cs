namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// What the problems show of each column of a table: the least and the largest value, and how large a problem that was not drawn might be.
/// </summary>
/// <remarks>
/// Values of very unequal size make a mean as uncertain as fewer equal ones do: sizes s count as m = (sum s)^2 / sum s^2 problems (Kish,
/// "Survey sampling", 1965), each of the size sum s^2 / sum s. Limits of a weighted sum of counts that take this size for one count more
/// are those of Tiwari, Clegg and Zou, "Efficient interval estimation for age-adjusted cancer rates", 2006. Few problems do not show how
/// large others are, so the size is averaged, with a fixed weight, with the largest that is possible: docs/statistics.md.
/// </remarks>
internal sealed class ColumnSummary
{
    // By simulation: docs/coverage.md.
    private const double WeightOfWhole = 2;
    private const double WeightOfDifference = 0.5;

    private readonly double _problems;
    private readonly double[] _least;
    private readonly double[] _most;
    private readonly double[] _sum;
    private readonly double[] _squares;
    private readonly double[] _missing;
    private readonly double[] _missingSquares;
    private readonly double[] _positive;
    private readonly double[] _positiveSquares;

    /// <param name="table">The problems' numbers.</param>
    /// <param name="counts">How many problems each row stands for.</param>
    public ColumnSummary(ProblemTable table, ReadOnlySpan<double> counts)
    {
        (_least, _most) = (table[0].ToArray(), table[0].ToArray());
        (_sum, _squares) = (new double[table.Columns], new double[table.Columns]);
        // Of 1 less the value, summed as such: from the sums of values near 1 nothing of it would be left.
        (_missing, _missingSquares) = (new double[table.Columns], new double[table.Columns]);
        (_positive, _positiveSquares) = (new double[table.Columns], new double[table.Columns]);
        for (var row = 0; row < table.Rows; row++)
        {
            _problems += counts[row];
            for (var column = 0; column < table.Columns; column++)
            {
                var value = table[row][column];
                var positive = Math.Max(0, value);
                _least[column] = Math.Min(_least[column], value);
                _most[column] = Math.Max(_most[column], value);
                _sum[column] += counts[row] * value;
                _squares[column] += counts[row] * value * value;
                _missing[column] += counts[row] * (1 - value);
                _missingSquares[column] += counts[row] * (1 - value) * (1 - value);
                _positive[column] += counts[row] * positive;
                _positiveSquares[column] += counts[row] * positive * positive;
            }
        }
    }

    public double Least(int column) => _least[column];

    public double Most(int column) => _most[column];

    /// <summary>Values of the further problem that the lower and the upper limit of a column allow for.</summary>
    public (double Bottom, double Top) Ends(int column, ValueRange values)
    {
        var (sum, squares, positive, positiveSquares) = (_sum[column], _squares[column], _positive[column], _positiveSquares[column]);
        var mean = sum / _problems;
        switch (values)
        {
            case ValueRange.Share:
                var unsolved = Size(_missing[column], _missingSquares[column], 1, WeightOfWhole);
                return (1 - unsolved, Size(sum, squares, 1, WeightOfWhole));
            case ValueRange.Difference:
                // Where no problem differs, none tells whether any could.
                var difference = squares == 0 ? 0 : Size((2 * positive) - sum, squares, 1, WeightOfDifference);
                return (-difference, difference);
            case ValueRange.Gap:
                var negative = Size(positive - sum, squares - positiveSquares, 0, WeightOfDifference);
                return (-negative, Size(positive, positiveSquares, 1, WeightOfDifference));
            default:
                return ((mean + _least[column]) / 2, (mean + _most[column]) / 2);
        }
    }

    /// <summary>The size of a problem by size, averaged with one that is possible, which has so much weight.</summary>
    private static double Size(double sum, double squares, double possible, double weight)
    {
        var problems = sum <= 0 || squares <= 0 ? 0 : sum * sum / squares;
        return (Math.Max(0, sum) + (weight * possible)) / (problems + weight);
    }
}
