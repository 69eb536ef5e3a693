using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class ChanceCountTests
{
    [Fact]
    public void Guesses_are_as_many_as_samples_and_only_solved_problems_count_among_the_solved()
    {
        // Guessing solves 3/4, 1/2 and 7/8 of the time.
        (ProblemCounts, double)[] problems = [(new("a", 2, 1), 0.5), (new("b", 1, 0), 0.5), (new("c", 3, 3), 0.5)];
        var solved = ChanceSolved.Of(problems);
        Assert.Equal(new ChanceCount(3, 2.125, 0, 3), solved.OfAll with { Low = 0 });
        Assert.Equal(new ChanceCount(2, 1.625, 0, 2), solved.OfSolved with { Low = 0 });
        // None at all has probability 1/64, which the lower tail leaves out; one or none 1/64 + 11/64.
        Assert.Equal((1, 1), (solved.OfAll.Low, ChanceSolved.Of(problems, 0.9).OfAll.Low));
        Assert.Equal(0, ChanceSolved.Of(problems, 0.99).OfAll.Low);
        // Two or three: 1 - 12/64.
        Assert.Equal(52.0 / 64, solved.AtLeastAsMany, 1e-15);
    }

    [Fact]
    public void A_run_that_solves_nothing_is_always_matched_and_an_impossible_one_never()
    {
        var nothing = ChanceSolved.Of([(new("a", 4, 0), 0.1), (new("b", 4, 0), 0.1)]);
        Assert.Equal((1.0, new ChanceCount(0, 0, 0, 0)), (nothing.AtLeastAsMany, nothing.OfSolved));
        var impossible = ChanceSolved.Of([(new("a", 4, 1), 0), (new("b", 4, 0), 0.5)]);
        Assert.Equal(1 - (1.0 / 16), impossible.AtLeastAsMany, 1e-15);
        Assert.Equal(new ChanceCount(1, 0, 0, 0), impossible.OfSolved);
        Assert.Equal(0, ChanceSolved.Of([(new("a", 4, 1), 0)]).AtLeastAsMany);
    }

    [Fact]
    public void Simulated_guessing_runs_have_the_stated_mean_and_fall_into_the_ranges()
    {
        const int Runs = 4_000;
        var random = new Random(7);
        var problems = PairedRuns.Base.Select(problem => (Counts: problem, Chance: Math.Pow(random.NextDouble(), 4) / 50)).ToArray();
        var stated = ChanceSolved.Of(problems);
        double all = 0, solved = 0, inAll = 0, inSolved = 0;
        for (var run = 0; run < Runs; run++)
        {
            var guessed = problems.Where(problem => random.NextDouble() < 1 - Math.Pow(1 - problem.Chance, 512)).ToArray();
            var ofSolved = guessed.Count(problem => problem.Counts.Correct > 0);
            all += guessed.Length / (double)Runs;
            solved += ofSolved / (double)Runs;
            inAll += guessed.Length >= stated.OfAll.Low && guessed.Length <= stated.OfAll.High ? 1.0 / Runs : 0;
            inSolved += ofSolved >= stated.OfSolved.Low && ofSolved <= stated.OfSolved.High ? 1.0 / Runs : 0;
        }
        // Counts of 100 problems deviate by at most 5: the mean of 4,000 by 0.08.
        Assert.Equal(all, stated.OfAll.Expected, 0.3);
        Assert.Equal(solved, stated.OfSolved.Expected, 0.3);
        Assert.InRange(inAll, 0.94, 0.985);
        Assert.InRange(inSolved, 0.94, 0.985);
    }

    [Fact]
    public void The_sets_of_a_comparison_split_what_guessing_solves()
    {
        var problems = PairedProblems.Of(PairedRuns.Base, PairedRuns.Other);
        var chances = PairedRuns.Base.Index().ToDictionary(problem => problem.Item.Id, problem => problem.Index / 20_000.0);
        var sets = ChanceOfSets.Of(problems, chances);
        var solvable = SolvableSets.Of(problems);
        Assert.Equal(
            (solvable.Both, solvable.BaseOnly, solvable.OtherOnly, solvable.Neither),
            (sets.Both.Problems, sets.BaseOnly.Problems, sets.OtherOnly.Problems, sets.Neither.Problems));
        Assert.Equal((100.0, 98.0, 61.0), (sets.All.Problems, sets.Base.Problems, sets.Other.Problems));
        Assert.Equal(Guessed(_ => true), sets.All.Expected, 1e-10);
        Assert.Equal(Guessed(i => PairedRuns.Base[i].Correct > 0), sets.Base.Expected, 1e-10);
        Assert.Equal(Guessed(i => PairedRuns.Other[i].Correct > 0), sets.Other.Expected, 1e-10);
        Assert.Equal(Guessed(i => PairedRuns.Base[i].Correct > 0 && PairedRuns.Other[i].Correct == 0), sets.BaseOnly.Expected, 1e-10);
        Assert.Equal(sets.All.Expected, sets.Both.Expected + sets.BaseOnly.Expected + sets.OtherOnly.Expected + sets.Neither.Expected, 1e-10);
        var alone = ChanceSolved.Of([.. PairedRuns.Base.Select((problem, i) => (problem, i / 20_000.0))]);
        Assert.Equal((alone.OfAll, alone.OfSolved, (double?)alone.AtLeastAsMany), (sets.All, sets.Base, sets.AsManyAsBase));

        static double Guessed(Func<int, bool> belongs) =>
            Enumerable.Range(0, 100).Where(belongs).Sum(i => 1 - Math.Pow(1 - (i / 20_000.0), PairedRuns.Samples));
    }

    [Fact]
    public void Where_n_differ_guesses_are_as_many_as_the_smaller_and_sets_are_expected_ones()
    {
        // One correct of four is among two with probability 1/2; guessing solves 3/4 with two tries.
        var sets = ChanceOfSets.Of(
            PairedProblems.Of([new("a", 4, 1)], [new("a", 2, 2)]), new Dictionary<string, double> { ["a"] = 0.5 });
        Assert.Equal((1.0, 0.75), (sets.All.Problems, sets.All.Expected));
        Assert.Equal((0.5, 0.375), (sets.Both.Problems, sets.Both.Expected));
        Assert.Equal((0.5, 0.375), (sets.OtherOnly.Problems, sets.OtherOnly.Expected));
        Assert.Equal((0.0, 0.0), (sets.BaseOnly.Problems, sets.Neither.Expected));
        Assert.Null(sets.AsManyAsBase);
        Assert.Equal(0.75, sets.AsManyAsOther);
    }

    [Fact]
    public void A_chance_outside_0_to_1_is_refused() =>
        Assert.StartsWith("the chance of a problem is 2", Assert.Throws<InputException>(() => ChanceSolved.Of([(new("a", 1, 1), 2)])).Message);
}
