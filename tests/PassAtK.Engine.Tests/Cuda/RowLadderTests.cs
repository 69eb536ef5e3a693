using PassAtK.Engine.Cuda;

namespace PassAtK.Engine.Tests.Cuda;

public class RowLadderTests
{
    [Fact]
    public void Rungs_are_those_that_the_comment_states()
    {
        var rungs = Enumerable.Range(0, 1025).Select(rows => RowLadder.Rung(rows, 1024)).Distinct();
        Assert.Equal([0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024], rungs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(1000)]
    public void A_rung_holds_its_rows_and_wastes_less_than_as_many(int maxRows)
    {
        for (var rows = 1; rows <= maxRows; rows++)
        {
            var rung = RowLadder.Rung(rows, maxRows);
            Assert.InRange(rung, rows, Math.Min(maxRows, (2 * rows) - (rows == 1 ? 1 : 0)));
            Assert.Equal(rung, RowLadder.Rung(rung, maxRows));
        }
    }

    [Fact]
    public void More_rows_than_the_most_have_a_rung_of_their_own()
    {
        // Rows of logits: a row may be asked for more than once.
        Assert.Equal(7, RowLadder.Rung(7, 5));
    }
}
