using CsCheck;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Reports;
using PassAtK.Evaluation.Reports.Samples;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tests.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Reports.Samples;

public sealed class ProblemSamplesReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Each_class_of_answers_shows_a_sample_before_any_shows_a_second()
    {
        var problem = Read(Write(reversed: false), new SampleRoom(1_000_000, 1));
        Assert.Equal(
            [("right", true, 2), ("wrong", false, 5), (null, false, 2), ("rare", false, 1)],
            problem.Answers.Select(answer => (answer.Text, answer.Correct!.Value, answer.Samples)));
        Assert.Equal([0, 1, 2, 3], problem.Completions.Take(4).Select(completion => completion.Answer));
        // The most frequent completion of a class stands for it; samples that say the same are one.
        Assert.Equal([3, 5, 8], problem.Completions[1].Indices);
        Assert.Equal((10, 0, 0), (problem.Samples, problem.SamplesLeftOut, problem.AnswersLeftOut));
        Assert.Equal(Enumerable.Range(0, 10), problem.Completions.SelectMany(completion => completion.Indices).Order());
    }

    [Fact]
    public void The_choice_does_not_depend_on_the_order_of_writing()
    {
        foreach (var bytes in new[] { 150L, 400, 1_000_000 })
        {
            Assert.Equal(
                Shown(Read(Write(reversed: false), new SampleRoom(bytes, 1))),
                Shown(Read(Write(reversed: true), new SampleRoom(bytes, 1))));
        }

        static (int, string)[] Shown(ProblemSamples problem) =>
            [.. problem.Completions.Select(completion => (completion.Answer, string.Join(',', completion.Indices)))];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(100_000)]
    public void Every_sample_is_shown_or_counted(long bytes)
    {
        var problem = Read(Write(reversed: false), new SampleRoom(bytes, 1));
        Assert.Equal(10, problem.SamplesLeftOut + problem.Completions.Sum(completion => completion.Indices.Count));
        Assert.Equal(10, problem.Answers.Sum(answer => answer.Samples));
        if (bytes is 100 or 250)
            Assert.Equal(0, problem.Completions[0].Answer);
    }

    [Fact]
    public void What_a_problem_does_not_need_goes_to_those_after_it()
    {
        var room = new SampleRoom(1_000, 4);
        room.Take(10);
        Assert.Equal(330, room.Share);
        room.Take(330);
        Assert.Equal(330, room.Share);
    }

    [Fact]
    public void An_excerpt_keeps_both_ends_and_tears_no_character_apart() =>
        Gen.Select(Gen.String[Gen.Char["abcé"], 0, 30], Gen.Int[0, 10], Gen.Int[9, 40])
            .Sample((letters, place, most) =>
            {
                var text = letters.Insert(Math.Min(place, letters.Length), "\U0001F600\U0001F601");
                var excerpt = TextExcerpt.Of(text, most);
                Assert.StartsWith(excerpt.Start, text, StringComparison.Ordinal);
                Assert.EndsWith(excerpt.End, text, StringComparison.Ordinal);
                Assert.Equal(text.Length, excerpt.Start.Length + excerpt.LeftOut + excerpt.End.Length);
                Assert.True(excerpt.Start.Length + excerpt.End.Length <= Math.Max(most, 0));
                Assert.False(excerpt.Start.Length > 0 && char.IsHighSurrogate(excerpt.Start[^1]));
                Assert.False(excerpt.End.Length > 0 && char.IsLowSurrogate(excerpt.End[0]));
            });

    [Fact]
    public void Samples_that_do_not_count_are_not_shown()
    {
        var problem = Read(Write(reversed: false), new SampleRoom(100_000, 1), first: 2, end: 7);
        Assert.Equal([2, 3, 4, 5, 6], problem.Completions.SelectMany(completion => completion.Indices).Order());
        Assert.Equal((5, 0), (problem.Samples, problem.SamplesLeftOut));
    }

    public void Dispose() => _folder.Dispose();

    private static ProblemSamples Read(string path, SampleRoom room, int first = 0, int end = int.MaxValue)
    {
        using var reader = RunReader.Open(path);
        var run = new ReportedRun(new RunOutcome("run", [])) { Grader = ("exact", 1), FirstIndex = first, EndIndex = end };
        return ProblemSamplesReader.Read(reader, run, room)[0];
    }

    private string Write(bool reversed)
    {
        (string Text, string? Answer, bool Correct)[] samples =
        [
            ("x", "wrong", false), ("none 1", null, false), ("r1", "right", true), ("y", "wrong", false), ("none 2", null, false),
            ("y", "wrong", false), ("odd", "rare", false), ("r2", "right", true), ("y", "wrong", false), ("z", "wrong", false),
        ];
        var path = _folder.File($"{reversed}-{Guid.NewGuid():N}.passatk");
        using var store = Runs.Open(path);
        store.Write(() =>
        {
            var completion = 0L;
            foreach (var index in reversed ? Enumerable.Range(0, samples.Length).Reverse() : Enumerable.Range(0, samples.Length))
            {
                store.AddSample(0, Runs.Sample(0, index, samples[index].Text, 1, 2));
                store.AddVerdict(new ExactGrader(), ++completion, new Verdict(samples[index].Correct, samples[index].Answer));
            }
        });
        return path;
    }
}
