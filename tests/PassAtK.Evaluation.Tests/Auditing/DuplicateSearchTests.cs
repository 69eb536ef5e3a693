using PassAtK.Evaluation.Auditing;
using PassAtK.Evaluation.Grading;

namespace PassAtK.Evaluation.Tests.Auditing;

/// <summary>Samples drawn from known distributions: what chance makes alike is told from what a common stream makes alike.</summary>
public sealed class DuplicateSearchTests
{
    private const int Vocabulary = 8;

    // Uniform tokens: ln 8 nats each.
    private static readonly double Nats = Math.Log(Vocabulary);

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Independent_streams_are_not_accused_although_short_completions_coincide(int tokens)
    {
        var random = new Random(31);
        for (var round = 0; round < 5; round++)
        {
            using var run = Run(6, 30, (_, _) => Draw(random, tokens));
            var duplicates = run.Audit(new ExactGrader()).Duplicates;
            Assert.Equal((0L, 0), (duplicates.Repeats, duplicates.Indices.Count));
            Assert.Equal(180 * 179 / 2, duplicates.Pairs);
        }
    }

    [Fact]
    public void One_long_completion_that_comes_twice_is_found_in_one_problem_and_across_two()
    {
        var random = new Random(32);
        var twice = Draw(random, 20);
        using var run = Run(3, 10, (problem, index) => (problem, index) is (0, 2) or (0, 7) or (2, 5) ? twice : Draw(random, 20));
        var duplicates = run.Audit(new ExactGrader()).Duplicates;
        Assert.Equal((30L, 2L), (duplicates.Comparable, duplicates.Repeats));
        Assert.Equal(
            [(new SampleName("p0", 2), new SampleName("p0", 7)), (new SampleName("p0", 2), new SampleName("p2", 5))],
            duplicates.Examples.Select(example => (example.First, example.Again)));
        Assert.All(duplicates.Examples, example => Assert.Equal(20, example.Tokens));
        Assert.All(duplicates.Examples, example => Assert.Equal(20 * Nats, example.Nats, 1e-4));
    }

    [Fact]
    public void Two_indices_with_one_stream_are_found_although_each_of_their_samples_is_likely()
    {
        var random = new Random(33);
        var samples = new Dictionary<(int, int), int[]>();
        // Indices 3 and 8 are one stream; every completion has two tokens of 64 that it could be.
        using var run = Run(12, 10, (problem, index) => index == 8 ? samples[(problem, 3)] : samples[(problem, index)] = Draw(random, 2));
        var duplicates = run.Audit(new ExactGrader()).Duplicates;
        Assert.Equal(0, duplicates.Repeats);
        var found = Assert.Single(duplicates.Indices);
        Assert.Equal((3, 8, 12), (found.Index, found.Again, found.Problems));
        Assert.Equal(24 * Nats, found.Nats, 1e-4);
    }

    [Fact]
    public void What_is_certain_may_come_as_often_as_it_likes()
    {
        using var run = Run(4, 6, (_, _) => [1, 2, 3, 4, 5, 6, 7, 8, 9], nats: 0);
        var duplicates = run.Audit(new ExactGrader()).Duplicates;
        Assert.Equal((0L, 0L, 0), (duplicates.Comparable, duplicates.Repeats, duplicates.Indices.Count));
    }

    [Fact]
    public void Prompts_that_come_again_are_told_with_whether_their_golds_agree()
    {
        using var run = new AuditedRun(["1", "2", "1", "9"], ["same", "same", "same", "other"]);
        run.Add(0, 0, "1");
        Assert.Equal(
            [new RepeatedPrompt("p1", "p0", false), new RepeatedPrompt("p2", "p0", true)],
            run.Audit(new ExactGrader()).Duplicates.Prompts);
    }

    private static AuditedRun Run(int problems, int samples, Func<int, int, int[]> tokens, double? nats = null)
    {
        var run = new AuditedRun([.. Enumerable.Range(0, problems).Select(i => $"{i}")]);
        for (var problem = 0; problem < problems; problem++)
        {
            for (var index = 0; index < samples; index++)
                run.Add(problem, index, "text", tokens(problem, index), nats ?? Nats);
        }
        return run;
    }

    private static int[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];
}
