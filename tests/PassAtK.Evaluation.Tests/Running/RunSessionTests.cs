using System.Collections.Concurrent;
using PassAtK.Engine;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;
using PassAtK.Evaluation.Tests.Storage;

namespace PassAtK.Evaluation.Tests.Running;

public sealed class RunSessionTests : SessionTests
{
    private const int SampleCount = 40;

    [Theory]
    [InlineData(4096)]
    [InlineData(1)]
    public void A_run_stores_and_grades_every_sample_and_reports_it(int gradingCapacity)
    {
        var path = RunFile;
        var reports = new ConcurrentQueue<RunProgress>();
        var engine = new FakeEngine();

        Assert.True(Run(path, engine, gradingCapacity: gradingCapacity, progress: reports.Enqueue));

        using var reader = RunReader.Open(path);
        StoredSample[] samples = [.. reader.Samples(("exact", 1))];
        Assert.Equal(ProblemCount * SampleCount, samples.Length);
        Assert.All(samples, sample => Assert.NotNull(sample.Correct));
        var correct = samples.Count(sample => sample.Correct == true);
        Assert.InRange(correct, 1, SampleCount - 1);
        var total = ProblemCount * SampleCount;
        Assert.Equal(new RunProgress(total, total, engine.Statistics().SampledTokens, total, correct), reports.Last());
        Assert.Equal(engine.Statistics().SampledTokens, samples.Sum(sample => (long)sample.Tokens.Length));
        Assert.Equivalent(engine.Statistics(), reader.Statistics(), strict: true);
        Assert.True(reader.Statistics().ComputedRows < reader.Statistics().SampledTokens);
    }

    [Fact]
    public void A_finished_run_asks_for_nothing_more_and_one_that_grows_asks_for_the_new_samples_alone()
    {
        var path = RunFile;
        Run(path, new FakeEngine(), problems: 2, samples: 10);

        var again = new FakeEngine();
        Assert.True(Run(path, again, problems: 2, samples: 10));
        Assert.Empty(again.Requests);

        var more = new FakeEngine();
        Assert.True(Run(path, more, problems: 3, samples: 15));
        Assert.Equal(["p0", "p1", "p2"], more.Requests.Select(request => request.ProblemId));
        Assert.Equal(
            [Enumerable.Range(10, 5), Enumerable.Range(10, 5), Enumerable.Range(0, 15)], more.Requests.Select(request => request.Samples));

        var fewer = new FakeEngine();
        Assert.True(Run(path, fewer, problems: 1, samples: 3));
        Assert.Empty(fewer.Requests);
        Assert.Equal(Whole(problems: 3, samples: 15), Runs.Export(path, ("exact", 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_that_fails_anywhere_again_and_again_ends_as_one_that_was_never_interrupted(int seed)
    {
        var path = RunFile;
        var random = new Random(seed);
        var failures = RunUntilDone(random, engine => Run(path, engine, random.Next(1, 4), gradingCapacity: random.Next(1, 40)));

        Assert.InRange(failures, 2, ProblemCount * SampleCount);
        Assert.Equal(Whole(), Runs.Export(path, ("exact", 1)));
    }

    /// <summary>A copy of the files while they are written is what a kill at that moment leaves.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_kill_leaves_opens_again_and_ends_as_one_that_was_never_interrupted(int seed)
    {
        var path = RunFile;
        var random = new Random(seed);
        int[] kills = [.. Enumerable.Range(0, 4).Select(_ => random.Next(ProblemCount * SampleCount))];
        var engine = new FakeEngine(seed)
        {
            Before = given =>
            {
                // Slow enough for several transactions.
                if (given % 16 == 0)
                    Thread.Sleep(20);
                foreach (var kill in kills.Index().Where(kill => kill.Item == given))
                    CopyStore(path, File($"killed-{kill.Index}.passatk"));
            },
        };
        using (var store = Runs.Open(path, ProblemCount))
        {
            // A checkpoint between the copies of the two files would mix two moments, which a kill cannot.
            store.Connection.Execute("PRAGMA wal_autocheckpoint = 0");
            Assert.True(Session(store, ProblemCount, SampleCount).Run(engine, TestContext.Current.CancellationToken));
        }

        for (var kill = 0; kill < kills.Length; kill++)
        {
            var copy = File($"killed-{kill}.passatk");
            Assert.True(Run(copy, new FakeEngine(seed + 1)));
            Assert.Equal(Whole(), Runs.Export(copy, ("exact", 1)));
        }
    }

    [Fact]
    public void Samples_that_come_slowly_are_committed_with_their_counts_before_the_next_is_there()
    {
        var path = RunFile;
        using var committed = new SemaphoreSlim(0);
        var waited = new List<bool>();
        var engine = new FakeEngine
        {
            Before = given =>
            {
                if (given is 0 or > 3)
                    return;
                waited.Add(committed.Wait(TimeSpan.FromMinutes(1)));
                using var reader = RunReader.Open(path);
                Assert.Equal(given, reader.SampleCount());
                Assert.Equal(reader.Samples(null).Sum(sample => sample.Tokens.Length), reader.Statistics().SampledTokens);
                // The counts are asked for at most every 50 ms.
                Thread.Sleep(60);
            },
        };
        var done = 0L;

        Assert.True(Run(path, engine, problems: 1, samples: 5, progress: progress =>
        {
            for (; done < progress.SamplesDone; done++)
                committed.Release();
        }));

        Assert.Equal([true, true, true], waited);
    }

    [Fact]
    public void A_cancelled_run_commits_what_was_drawn_and_says_that_it_is_not_done()
    {
        var path = RunFile;
        using var cancellation = new CancellationTokenSource();
        var engine = new FakeEngine { Before = given => CancelAt(given, 77) };

        Assert.False(Run(path, engine, cancellation: cancellation));

        using (var reader = RunReader.Open(path))
            Assert.Equal(engine.Given, reader.SampleCount());
        Assert.True(Run(path, new FakeEngine()));
        Assert.Equal(Whole(), Runs.Export(path, ("exact", 1)));

        void CancelAt(int given, int wanted)
        {
            if (given == wanted)
                cancellation.Cancel();
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4096)]
    [InlineData(4, 3)]
    public void Each_completion_is_graded_once_also_when_the_queue_overflows(int workers, int capacity)
    {
        var path = RunFile;
        var grader = new CountingGrader();
        using (var store = Runs.Open(path, ProblemCount))
        {
            var session = Session(store, ProblemCount, SampleCount, grader, workers, capacity);
            Assert.True(session.Run(new FakeEngine(), TestContext.Current.CancellationToken));
            Assert.Equal(store.Connection.Number("SELECT count(*) FROM completion"), grader.Calls);
            Assert.Equal(grader.Calls, store.Connection.Number("SELECT count(*) FROM verdict"));
        }
        using var reader = RunReader.Open(path);
        Assert.All(reader.Samples(("counting", 1)), sample => Assert.NotNull(sample.Correct));
    }

    [Fact]
    public void A_grader_that_throws_ends_the_run_with_its_fault_and_loses_no_sample()
    {
        var path = RunFile;
        using (var store = Runs.Open(path, ProblemCount))
        {
            var session = Session(store, ProblemCount, SampleCount, new CountingGrader { FailAt = 5 }, workers: 2);
            Assert.Throws<NotSupportedException>(() => session.Run(new FakeEngine(), TestContext.Current.CancellationToken));
        }

        Assert.True(Run(path, new FakeEngine()));
        Assert.Equal(Whole(), Runs.Export(path, ("exact", 1)));
    }

    /// <summary>The grader stops after a number of verdicts, whenever on whichever thread.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 1)]
    [InlineData(17, 3)]
    [InlineData(60, 4)]
    public void Verdicts_and_samples_until_a_grader_fails_are_stored(int failAt, int workers)
    {
        var path = RunFile;
        var grader = new CountingGrader { FailAt = failAt };
        var engine = new FakeEngine();
        using var store = Runs.Open(path, ProblemCount);

        Assert.Throws<NotSupportedException>(
            () => Session(store, ProblemCount, SampleCount, grader, workers).Run(engine, TestContext.Current.CancellationToken));

        using var reader = RunReader.Open(path);
        Assert.Equal(engine.Given, reader.SampleCount());
        Assert.Equal(grader.Calls - 1, store.Connection.Number("SELECT count(*) FROM verdict"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(30, 1)]
    [InlineData(30, 4)]
    public void Regrading_that_fails_stores_the_verdicts_until_then(int failAt, int workers)
    {
        var path = RunFile;
        Run(path, new FakeEngine());
        using var store = RunStore.OpenExisting(path);
        var completions = store.Connection.Number("SELECT count(*) FROM completion");
        var grader = new CountingGrader { FailAt = failAt, Refuses = true };

        var refusal = Assert.Throws<InputException>(
            () => Regrading.Grade(store, grader, workers, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal("refused", refusal.Message);
        var stored = store.Connection.Number("SELECT count(*) FROM verdict") - completions;
        Assert.Equal(grader.Calls - 1, stored);
        Assert.Equal(completions - stored, Regrading.Grade(store, grader, workers, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(completions + 1, grader.Calls);
    }

    [Fact]
    public void Requests_are_made_only_as_the_engine_takes_them_and_never_larger_than_the_limit()
    {
        var path = RunFile;
        var made = new List<int>();
        using var store = Runs.Open(path, 3);

        var engine = new FakeEngine { Before = given => made.Add(given) };
        Assert.True(Session(store, 3, 5000).Run(engine, TestContext.Current.CancellationToken));

        using var reader = RunReader.Open(path);
        Assert.Equal(15000, reader.SampleCount());
        Assert.Empty(reader.MissingSamples(3, 5000));
        Assert.Equal(15000, made.Count);
        int[] sizes = [.. engine.Requests.Select(request => request.Samples.Count)];
        Assert.Equal([4096, 904, 4096, 904, 4096, 904], sizes);
    }

    [Fact]
    public void Regrading_adds_verdicts_beside_the_old_ones_and_repeats_nothing()
    {
        var path = RunFile;
        Run(path, new FakeEngine());
        var before = Runs.Export(path, ("exact", 1));
        using var store = RunStore.OpenExisting(path);
        var completions = store.Connection.Number("SELECT count(*) FROM completion");

        // Stops after its first transaction.
        using var cancellation = new CancellationTokenSource();
        var grader = new CountingGrader();
        var first = Regrading.Grade(store, grader, 2, _ => cancellation.Cancel(), cancellation: cancellation.Token);
        Assert.InRange(first, 1, completions - 1);
        Assert.Equal(completions - first, Regrading.Grade(store, grader, 2, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(0, Regrading.Grade(store, grader, 2, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(completions, grader.Calls);

        using var reader = RunReader.Open(path);
        Assert.Equal([("counting", 1), ("exact", 1)], reader.Graders());
        Assert.Equal(before, Runs.Export(path, ("exact", 1)));
        var after = before.Replace("\"correct\":false", "\"correct\":true", StringComparison.Ordinal);
        Assert.Equal(WithoutAnswers(after), WithoutAnswers(Runs.Export(path, ("counting", 1))));
        Assert.All(reader.Samples(("counting", 2)), sample => Assert.Null(sample.Correct));
    }

    [Fact]
    public void A_raised_version_judges_every_completion_again_and_is_the_one_that_counts()
    {
        var path = RunFile;
        Run(path, new FakeEngine());
        using var store = RunStore.OpenExisting(path);
        var cancellation = TestContext.Current.CancellationToken;
        var (old, raised) = (new CountingGrader(), new CountingGrader { Version = 2 });
        var completions = Regrading.Grade(store, old, 2, cancellation: cancellation);
        using var reader = RunReader.Open(path);
        Assert.Equal(("counting", 1), reader.Newest("counting"));

        Assert.Equal(completions, Regrading.Grade(store, raised, 2, cancellation: cancellation));
        Assert.Equal(("counting", 2), reader.Newest("counting"));
        var pairs = reader.VerdictPairs(("counting", 1), ("counting", 2)).ToArray();
        Assert.Equal(ProblemCount * SampleCount, pairs.Length);
        Assert.All(pairs, pair => Assert.True(pair.Correct && pair.AgainstCorrect));
        Assert.Empty(reader.VerdictPairs(("counting", 1), ("counting", 3)));
    }

    private static string WithoutAnswers(string export) =>
        string.Join('\n', export.Split('\n').Select(line => line.Split(",\"extracted\":")[0]));

    private static void CopyStore(string from, string to)
    {
        System.IO.File.Copy(from, to, overwrite: true);
        if (System.IO.File.Exists(from + "-wal"))
            System.IO.File.Copy(from + "-wal", to + "-wal", overwrite: true);
    }

    private static bool Run(
        string path, FakeEngine engine, int workers = 1, int problems = ProblemCount, int samples = SampleCount, int gradingCapacity = 4096,
        Action<RunProgress>? progress = null, CancellationTokenSource? cancellation = null)
    {
        using var store = Runs.Open(path, problems);
        var session = Session(store, problems, samples, new ExactGrader(), workers, gradingCapacity, progress);
        return session.Run(engine, cancellation?.Token ?? TestContext.Current.CancellationToken);
    }

    private static RunSession Session(
        RunStore store, int problems, int samples, IGrader? grader = null, int workers = 1, int gradingCapacity = 4096,
        Action<RunProgress>? progress = null) =>
        Session(store, Runs.Settings(problems), problems, samples, grader ?? new ExactGrader(), workers, gradingCapacity, progress);

    /// <summary>The export of a run that nothing interrupts.</summary>
    private string Whole(int problems = ProblemCount, int samples = SampleCount)
    {
        var path = File($"whole-{problems}-{samples}.passatk");
        Assert.True(Run(path, new FakeEngine(99), problems: problems, samples: samples));
        var export = Runs.Export(path, ("exact", 1));
        Assert.Equal(problems * samples, export.Count(character => character == '\n'));
        return export;
    }

    private sealed class CountingGrader : IGrader
    {
        private int _calls;

        public int Calls => _calls;

        public int FailAt { get; init; } = -1;

        public bool Refuses { get; init; }

        public string Name => "counting";

        public int Version { get; init; } = 1;

        public Verdict Grade(Problem problem, string completion) =>
            Interlocked.Increment(ref _calls) != FailAt ? new Verdict(true, null)
            : Refuses ? throw new InputException("refused") : throw new NotSupportedException();
    }
}
