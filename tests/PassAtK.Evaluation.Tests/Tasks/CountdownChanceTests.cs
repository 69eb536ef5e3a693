using System.Text.Json;
using PassAtK.Evaluation.Tasks;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Tasks;

/// <summary>The guesser of docs/statistics.md, and the chances that the shipped problems carry.</summary>
public class CountdownChanceTests
{
    private const int CheckedProblems = 12;

    [Theory]
    [InlineData(1, 6, new[] { 6 })]
    [InlineData(0, 5, new[] { 6 })]
    [InlineData(1.0 / 3, 6, new[] { 2, 3 })] // 5, 1, 6
    [InlineData(2.0 / 4, 2, new[] { 4, 2 })] // 6, 2, 8, 2
    [InlineData(1.0 / 3, 1, new[] { 3, 3 })] // 6, 9, 1: the difference is 0
    [InlineData(2.0 / 3, 400, new[] { 1, 400 })] // 399, 400, 400: the sum is above 400
    [InlineData(0, 0, new[] { 5, 5 })] // 0 is no result
    [InlineData(1, 5, new[] { 0, 5 })] // 5, 5: nothing is divided by 0
    [InlineData(0, 0, new[] { 0, 0 })] // a dead end
    [InlineData(0, 500, new[] { 1, 500 })] // another
    // Steps of 1 and 1 lead to 2 2 and twice to 1 2, those of either 1 and 2 to 1 3, 1 1 and twice to 1 2: 11 in all.
    // From 2 2 two of 3 steps give 4, from 1 3 one of 4: (2/3 + 2/4) / 11.
    [InlineData(7.0 / 66, 4, new[] { 1, 1, 2 })]
    public void Small_pools_agree_with_counting_by_hand(double expected, int target, int[] numbers) =>
        Assert.Equal(expected, RandomWalk.Chance(numbers, target), 1e-14);

    [Fact]
    public void Simulated_walks_end_at_the_target_as_often()
    {
        const int Walks = 40_000;
        int[] numbers = [3, 7, 8, 12];
        var random = new Random(11);
        var hits = 0;
        for (var walk = 0; walk < Walks; walk++)
        {
            var pool = numbers.Select(number => (long)number).ToList();
            while (pool.Count > 1)
            {
                var steps = (
                    from i in Enumerable.Range(0, pool.Count)
                    from j in Enumerable.Range(i + 1, pool.Count - i - 1)
                    from result in RandomWalk.Results(pool[i], pool[j])
                    select (i, j, result)).ToArray();
                var (left, right, number) = steps[random.Next(steps.Length)];
                pool.RemoveAt(right);
                pool[left] = number;
            }
            hits += pool[0] == 24 ? 1 : 0;
        }
        var chance = RandomWalk.Chance(numbers, 24);
        Assert.InRange(chance, 0.005, 0.1);
        Assert.Equal(chance, (double)hits / Walks, 4 * Math.Sqrt(chance / Walks));
    }

    [Fact]
    public void All_targets_of_a_pool_together_are_reached_by_every_walk()
    {
        int[] numbers = [2, 5, 5, 9];
        Assert.Equal(1, Enumerable.Range(1, 400).Sum(target => RandomWalk.Chance(numbers, target)), 1e-12);
    }

    [Fact]
    public void The_shipped_problems_carry_the_exact_chance()
    {
        var problems = new CountdownTask(RepositoryPaths.InRepository("models", "countdown_problems.jsonl"))
            .Load(int.MaxValue).Where(problem => problem.Chance is not null).ToArray();
        if (problems.Length == 0)
            Assert.Skip("no problem of models/countdown_problems.jsonl carries a chance");
        foreach (var problem in problems.Where((_, i) => i % Math.Max(1, problems.Length / CheckedProblems) == 0))
        {
            using var gold = JsonDocument.Parse(problem.Gold);
            int[] numbers = [.. gold.RootElement.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt32())];
            var expected = RandomWalk.Chance(numbers, gold.RootElement.GetProperty("target").GetInt32());
            Assert.True(
                Math.Abs(problem.Chance!.Value - expected) <= 1e-12, $"problem '{problem.Id}' carries {problem.Chance}, expected {expected}");
        }
    }
}
