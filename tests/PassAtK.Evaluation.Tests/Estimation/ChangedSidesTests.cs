using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class ChangedSidesTests
{
    [Fact]
    public void Problems_that_changed_sides_come_with_their_counts_most_often_solved_first_then_by_id()
    {
        ProblemCounts[] left =
            [new("a", 4, 1), new("b", 8, 4), new("c", 4, 0), new("d", 4, 2), new("e", 4, 0), new("f", 4, 4), new("z", 1, 1)];
        ProblemCounts[] right = [new("a", 4, 0), new("b", 2, 0), new("c", 4, 3), new("d", 4, 0), new("e", 4, 0), new("f", 4, 1)];
        var sides = ChangedSides.Of(PairedProblems.Of(left, right));
        Assert.Equal([new("b", 8, 4, 2, 0), new("d", 4, 2, 4, 0), new("a", 4, 1, 4, 0)], sides.BaseOnly);
        Assert.Equal([new("c", 4, 0, 4, 3)], sides.OtherOnly);
    }
}
