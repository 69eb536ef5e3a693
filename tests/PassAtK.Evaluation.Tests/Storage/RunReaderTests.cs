using CsCheck;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Storage;

public sealed class RunReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Missing_samples_are_exactly_those_that_were_not_stored()
    {
        var run = 0;
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 12]).HashSet[0, 40], Gen.Int[0, 4], Gen.Int[0, 14]).Sample(
            (stored, problems, samples) =>
            {
                var path = _folder.File($"{Interlocked.Increment(ref run)}.passatk");
                using var store = Runs.Open(path, problems: 4);
                store.Write(() =>
                {
                    foreach (var (problem, index) in stored)
                        store.AddSample(problem, Runs.Sample(problem, index));
                });
                using var reader = RunReader.Open(path);
                var missing = reader.MissingSamples(problems, samples)
                    .SelectMany(part => part.Indices.Select(index => (part.Problem, index)));

                var expected =
                    from problem in Enumerable.Range(0, problems)
                    from index in Enumerable.Range(0, samples)
                    where !stored.Contains((problem, index))
                    select (problem, index);
                Assert.Equal(expected, missing);
            },
            iter: 30, threads: 1);
    }

    [Fact]
    public void The_export_is_one_fixed_line_a_sample_whatever_the_order_of_writing()
    {
        var path = _folder.File("run.passatk");
        using (var store = Runs.Open(path))
        {
            store.Write(() =>
            {
                store.AddSample(1, Runs.Sample(1, 0, "tab\t quote\" é \U0001F600 </b>", 3));
                var shared = Runs.Sample(0, 2, "a", 1, 2);
                store.AddSample(0, shared);
                store.AddSample(0, shared with { Sample = 1 });
                store.AddVerdict(new ExactGrader(), 2, new Verdict(true, "a"));
                store.AddSample(0, Runs.Sample(0, 0, "") with { Finish = PassAtK.Engine.Scheduling.FinishReason.Length });
            });
        }

        Assert.Equal(
            """
            {"problem":"p0","index":0,"tokens":[],"text":"","finish":"length","logprob":0,"correct":null,"extracted":null}
            {"problem":"p0","index":1,"tokens":[1,2],"text":"a","finish":"stop","logprob":-0.30000000447034836,"correct":true,"extracted":"a"}
            {"problem":"p0","index":2,"tokens":[1,2],"text":"a","finish":"stop","logprob":-0.30000000447034836,"correct":true,"extracted":"a"}
            {"problem":"p1","index":0,"tokens":[3],"text":"tab\t quote\" é 😀 </b>","finish":"stop","logprob":-0.30000001192092896,"correct":null,"extracted":null}

            """.Replace("😀", "\\uD83D\\uDE00", StringComparison.Ordinal),
            Runs.Export(path, ("exact", 1)));
    }

    [Fact]
    public void Outcomes_and_tallies_tell_the_same_as_the_samples()
    {
        var path = _folder.File("run.passatk");
        using (var store = Runs.Open(path, problems: 3))
        {
            store.Write(() =>
            {
                for (var index = 0; index < 20; index++)
                {
                    var (problem, text) = (index % 2 * 2, $"text {index % 3}");
                    var (id, _) = store.AddSample(problem, Runs.Sample(problem, index, text, [.. Enumerable.Range(1, index % 4)]));
                    if (index % 5 > 0)
                        store.AddVerdict(new ExactGrader(), id, new Verdict(index % 3 == 0, index % 3 == 2 ? null : text));
                }
            });
        }

        using var reader = RunReader.Open(path);
        var samples = reader.Samples(("exact", 1)).ToList();
        Assert.Equal(
            samples.Select(s => (s.Problem, s.Index, string.Join(' ', s.Tokens), s.Finish, s.Logprob,
                -s.FilteredLogprobs.Sum(logprob => (double)logprob), s.Correct, s.Extracted)),
            reader.Outcomes(("exact", 1)).SelectMany(p => p.Samples.Select(s => (
                p.Problem, s.Index, string.Join(' ', s.Tokens), s.Finish, s.Logprob, s.Surprisal, s.Correct, s.Extracted))));
        Assert.Equal(
            samples.GroupBy(s => s.Problem).Select(
                group => new ProblemTally(group.Key, group.Count(), group.Count(s => s.Correct is not null), group.Count(s => s.Correct == true))),
            reader.Tallies(("exact", 1)));
        Assert.Equal([new ProblemTally(0, 2, 1, 0)], reader.Tallies(("exact", 1), problems: 2, end: 3));
        Assert.Equal([10, 10], reader.Tallies(null).Select(tally => tally.Samples));
        Assert.All(reader.Tallies(("exact", 2)), tally => Assert.Equal(0, tally.Graded));
    }

    [Fact]
    public void A_problem_has_a_gap_where_a_sample_is_missing_before_one_that_is_there()
    {
        var path = _folder.File("run.passatk");
        int[][] indices = [[], [0, 1, 2], [1, 2], [0, 2], [0], [3]];
        using (var store = Runs.Open(path, indices.Length))
        {
            store.Write(() =>
            {
                foreach (var (problem, stored) in indices.Index())
                {
                    foreach (var index in stored)
                        store.AddSample(problem, Runs.Sample(problem, index));
                }
            });
        }
        using var reader = RunReader.Open(path);
        Assert.Equal(
            [(1, "0 1 2", false), (2, "1 2", true), (3, "0 2", true), (4, "0", false), (5, "3", true)],
            reader.Outcomes(null).Select(
                problem => (problem.Problem, string.Join(' ', problem.Samples.Select(sample => sample.Index)), problem.HasGap)));
    }

    [Fact]
    public void A_snapshot_does_not_see_what_is_written_after_it_began()
    {
        var path = _folder.File("run.passatk");
        using var store = Runs.Open(path);
        store.Write(() => store.AddSample(0, Runs.Sample(0, 0)));
        using var reader = RunReader.Open(path);

        using (reader.Snapshot())
        {
            Assert.Equal(1, reader.SampleCount());
            store.Write(() => store.AddSample(0, Runs.Sample(0, 1)));
            Assert.Equal(1, reader.SampleCount());
        }

        Assert.Equal(2, reader.SampleCount());
    }
}
