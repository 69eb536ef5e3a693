using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class ColumnSummaryTests
{
    [Theory]
    [InlineData(0.3)]
    [InlineData(1e-4)]
    [InlineData(1e-9)]
    public void Ends_of_shares_mirror_those_of_their_complements_however_near_to_1_they_lie(double size)
    {
        double[] small = [.. Enumerable.Range(0, 30).Select(at => size * (1 + (at / 30.0)))];
        var (bottom, top) = Ends(small);
        var (mirroredBottom, mirroredTop) = Ends([.. small.Select(value => 1 - value)]);
        // Of 1e-9, 1 less 1e-9 keeps seven digits.
        Assert.Equal(bottom, 1 - mirroredTop, 1e-6);
        Assert.Equal(top, 1 - mirroredBottom, 1e-6);
    }

    [Fact]
    public void A_further_problem_is_as_large_as_the_others_averaged_with_two_wholly_solved_ones()
    {
        // Four problems of equal size s count as four: (4 s + 2) / (4 + 2).
        Assert.Equal((4 * 0.1 + 2) / 6, Ends([0.1, 0.1, 0.1, 0.1, 0, 0]).Top, 1e-12);
        // Sizes 3 and 1 count as 16 / 10 problems.
        Assert.Equal((0.4 + 2) / (1.6 + 2), Ends([0.3, 0.1, 0]).Top, 1e-12);
    }

    private static (double Bottom, double Top) Ends(double[] values)
    {
        double[][] rows = [.. values.Select(value => new[] { value })];
        var table = ProblemTable.Of(rows);
        return new ColumnSummary(table, Enumerable.Repeat(1.0, rows.Length).ToArray()).Ends(0, ValueRange.Share);
    }
}
