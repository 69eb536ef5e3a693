using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class SolvableSetsTests
{
    [Fact]
    public void With_equal_n_a_problem_is_solvable_if_any_sample_is_correct()
    {
        var sets = SolvableSets.Of(PairedProblems.Of(PairedRuns.Base, PairedRuns.Other));
        Assert.Equal((61.0, 37.0, 0.0, 2.0), (sets.Both, sets.BaseOnly, sets.OtherOnly, sets.Neither));
        Assert.Equal(Math.Pow(2, -36), sets.McNemarP!.Value, 1e-22);
        Assert.Equal(0.37, sets.BaseOnlyShare.Estimate);
        Assert.Equal(1 - Math.Pow(0.025, 0.01), sets.OtherOnlyShare.High, 1e-12);
    }

    [Fact]
    public void With_unequal_n_both_are_read_at_the_smaller_and_counts_become_expected_ones()
    {
        // Base: 1 of 10 samples; at the other's 4 samples it is found with probability 0.4.
        var sets = SolvableSets.Of(PairedProblems.Of(
            [new("a", 10, 1), new("b", 10, 10), new("c", 10, 0)], [new("a", 4, 0), new("b", 4, 1), new("c", 4, 2)]));
        Assert.Equal(1, sets.Both, 1e-12);
        Assert.Equal(0.4, sets.BaseOnly, 1e-12);
        Assert.Equal(1, sets.OtherOnly, 1e-12);
        Assert.Equal(0.6, sets.Neither, 1e-12);
        Assert.Null(sets.McNemarP);
        Assert.Equal((4, 4), (sets.TriesFewest, sets.TriesMost));
    }

    [Fact]
    public void Each_problem_has_its_own_number_of_tries_the_smaller_of_its_two()
    {
        var sets = SolvableSets.Of(PairedProblems.Of(
            [new("a", 64, 1), new("b", 64, 0), new("c", 8, 1)], [new("a", 16, 0), new("b", 18, 1), new("c", 64, 2)]));
        Assert.Equal((8, 18), (sets.TriesFewest, sets.TriesMost));
    }

    [Fact]
    public void With_unequal_n_the_test_is_kept_where_the_smaller_n_decides_every_problem()
    {
        var sets = SolvableSets.Of(PairedProblems.Of([new("a", 10, 8), new("b", 10, 0)], [new("a", 4, 0), new("b", 4, 1)]));
        Assert.Equal((1.0, 1.0, 1.0), (sets.BaseOnly, sets.OtherOnly, sets.McNemarP));
    }

    [Fact]
    public void Chances_that_add_up_to_a_whole_number_are_no_counts()
    {
        string[] ids = [.. Enumerable.Range(0, 20).Select(index => $"p{index}")];
        var sets = SolvableSets.Of(PairedProblems.Of(
            [.. ids.Select(id => new ProblemCounts(id, 2, 1))], [.. ids.Select(id => new ProblemCounts(id, 1, 0))]));
        Assert.Equal(10, sets.BaseOnly, 1e-12);
        Assert.Null(sets.McNemarP);
    }
}
