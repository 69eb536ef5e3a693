using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;

namespace PassAtK.Evaluation.Tests.Estimation;

public class AboveChanceTests
{
    private static readonly BootstrapSettings Few = new() { Resamples = 1_000 };

    [Fact]
    public void One_chance_for_all_problems_shifts_the_curve_and_its_interval()
    {
        var curve = PassAtKCurve.Of(PairedRuns.Base, Few).Points;
        var above = AboveChance.Of(PairedRuns.Base.Select(problem => (problem, 0.01)), PairedRuns.Samples, Few).Difference;
        Assert.Equal(curve.Select(point => point.K), above.Select(point => point.K));
        foreach (var (point, difference) in curve.Zip(above))
        {
            var guessed = 1 - Math.Pow(0.99, point.K);
            Assert.Equal(point.Estimate - guessed, difference.Estimate, 1e-12);
            // What a problem that was not drawn might be differs between a share and a difference.
            Assert.Equal(point.Low - guessed, difference.Low, 0.02);
            Assert.Equal(point.High - guessed, difference.High, 0.02);
        }
    }

    [Fact]
    public void Chances_that_differ_enter_with_their_problems()
    {
        var problems = Spread();
        foreach (var point in AboveChance.Of(problems, 64).Difference)
        {
            // By brute force: the share of k-subsets without a correct sample as a product, and its standard error from the counts.
            var values = problems.Select(problem =>
                Math.Pow(1 - problem.Chance, point.K) - Enumerable.Range(0, point.K).Aggregate(
                    1.0, (product, i) => product * (64 - problem.Counts.Correct - i) / (64 - i))).ToArray();
            var error = Math.Sqrt(values.Sum(value => (value - values.Average()) * (value - values.Average()))) / values.Length;
            Assert.Equal(values.Average(), point.Estimate, 1e-12);
            Assert.Equal(values.Average() - (1.96 * error), point.Low, 0.45 * error);
            Assert.Equal(values.Average() + (1.96 * error), point.High, 0.45 * error);
        }
    }

    [Fact]
    public void What_chance_explains_of_the_spread_between_problems_leaves_the_interval()
    {
        // Half of the problems are easy for both: pass@1 equals the chance everywhere, whatever problems are drawn.
        var at1 = AboveChance.Of(
            Enumerable.Range(0, 40).Select(i => (new ProblemCounts($"p{i}", 4, i % 2 * 3), i % 2 * 0.75)), 4, Few).Difference[0];
        Assert.Equal(0, at1.Estimate);
        // Forty problems alike: the share of others is below this, and they differ by 1 at most.
        var otherwise = 1 - Math.Pow(0.025, 1 / 40.0);
        Assert.Equal(-otherwise, at1.Low, 1e-12);
        Assert.Equal(otherwise, at1.High, 1e-12);
    }

    [Fact]
    public void Order_and_names_change_no_bit()
    {
        var problems = Spread();
        var renamed = problems.Reverse().Select((problem, i) => (problem.Counts with { Id = $"q{i}" }, problem.Chance));
        var (one, many) = (AboveChance.Of(problems, 64, Few), AboveChance.Of(renamed, 64, Few with { Threads = 1 }));
        Assert.Equal(one.Difference, many.Difference);
        Assert.Equal(one.CatchUp, many.CatchUp);
    }

    [Fact]
    public void Chance_catches_up_where_the_two_meet()
    {
        // Half of the problems always solved, half never: 1 - 0.99^k reaches one half at k = ln 0.5 / ln 0.99.
        var above = AboveChance.Of(
            Enumerable.Range(0, 100).Select(i => (new ProblemCounts($"p{i}", 256, i % 2 * 256), 0.01)), 256, Few);
        Assert.Equal(CrossoverOutcome.Found, above.CatchUp.Outcome);
        Assert.Equal(Math.Log(0.5) / Math.Log(0.99), above.CatchUp.K!.Value, 0.05);
        // Problems vary by 5 of 100: guessing catches up with 40% at 51, with 60% at 91.
        Assert.InRange(above.CatchUp.Low!.Value, 45, 60);
        Assert.InRange(above.CatchUp.High!.Value, 80, 105);
    }

    [Theory]
    [InlineData(0, 0.1, CrossoverOutcome.BaseAheadThroughout)]
    [InlineData(4, 0.1, CrossoverOutcome.OtherAheadAtEnd)]
    [InlineData(0, 0, CrossoverOutcome.Identical)]
    public void A_model_can_stay_below_above_or_level(int correct, double chance, CrossoverOutcome outcome) =>
        Assert.Equal(outcome, AboveChance.Of([(new("a", 8, correct), chance)], 8, Few).CatchUp.Outcome);

    [Fact]
    public void A_chance_outside_0_to_1_is_refused() =>
        Assert.StartsWith(
            "the chance of a problem is -1", Assert.Throws<InputException>(() => AboveChance.Of([(new("a", 1, 1), -1)], 1)).Message);

    private static (ProblemCounts Counts, double Chance)[] Spread() =>
        [.. Enumerable.Range(0, 60).Select(i => (new ProblemCounts($"p{i}", 64, i * 7 % 41), i * i % 37 / 300.0))];
}
