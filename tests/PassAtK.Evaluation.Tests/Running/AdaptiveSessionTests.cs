using PassAtK.Engine;
using PassAtK.Evaluation.Estimation.Allocation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tests.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Running;

public sealed class AdaptiveSessionTests : IDisposable
{
    private const int ProblemCount = 6;

    private static readonly AdaptiveDesign Design = new(K: 1, Pilot: 16, TargetWidth: 0.12, MostSamples: 400);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_problem_gets_the_pilot_and_what_its_verdicts_allot()
    {
        var path = _folder.File("run.passatk");
        var session = Run(path, new FakeEngine(), Design, out var completed);
        Assert.True(completed);

        using var reader = RunReader.Open(path);
        int[] pilot = [.. reader.Tallies(("exact", 1), end: Design.Pilot).Select(tally => tally.Correct)];
        var expected = SampleAllocation.Of(Design, pilot).Counted;
        Assert.Equal(expected, session.Allocation!.Counted);
        Assert.Equal(expected, reader.Tallies(("exact", 1), first: Design.Pilot).Select(tally => tally.Graded));
        Assert.True(expected.Distinct().Count() > 1, "the problems are to differ in samples");
        Assert.Equal(Design, reader.Settings().Adaptive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_that_fails_anywhere_again_and_again_ends_as_one_that_was_never_interrupted(int seed)
    {
        var whole = _folder.File("whole.passatk");
        Run(whole, new FakeEngine(99), Design, out _);
        var path = _folder.File("run.passatk");
        var random = new Random(seed);
        for (var failures = 0; ; failures++)
        {
            var failAt = random.Next(1, 200);
            var engine = new FakeEngine(random.Next())
            {
                Before = given =>
                {
                    if (given == failAt)
                        throw new TimeoutException();
                },
            };
            try
            {
                Run(path, engine, Design, out var completed);
                Assert.True(completed);
                Assert.InRange(failures, 2, 1_000);
                break;
            }
            catch (TimeoutException)
            {
            }
        }
        Assert.Equal(Runs.Export(whole, ("exact", 1)), Runs.Export(path, ("exact", 1)));
    }

    [Fact]
    public void A_smaller_target_goes_on_with_the_run_and_draws_nothing_twice()
    {
        var narrow = Design with { TargetWidth = 0.08 };
        var whole = _folder.File("whole.passatk");
        Run(whole, new FakeEngine(), narrow, out _);
        var path = _folder.File("run.passatk");
        Run(path, new FakeEngine(), Design, out _);
        var again = new FakeEngine();
        Run(path, again, Design, out _);
        Assert.Empty(again.Requests);
        Run(path, new FakeEngine(), narrow, out _);
        Assert.Equal(Runs.Export(whole, ("exact", 1)), Runs.Export(path, ("exact", 1)));
        using var reader = RunReader.Open(path);
        Assert.Equal(narrow, reader.Settings().Adaptive);
    }

    [Fact]
    public void Neither_kind_of_run_goes_on_as_the_other_nor_with_another_pilot()
    {
        var path = _folder.File("run.passatk");
        Run(path, new FakeEngine(), Design, out _);
        AssertRefused(() => Runs.Open(path, ProblemCount).Dispose(), "adaptive is none, but the run was made with pass@1 with a pilot of 16");
        AssertRefused(() => Run(path, new FakeEngine(), Design with { Pilot = 8 }, out _), "pass@1 with a pilot of 8");
        AssertRefused(() => Run(path, new FakeEngine(), Design with { K = 2 }, out _), "pass@2 with a pilot of 16");
        var plain = _folder.File("plain.passatk");
        Runs.Open(plain, ProblemCount).Dispose();
        AssertRefused(() => Run(plain, new FakeEngine(), Design, out _), "but the run was made with none");

        static void AssertRefused(Action action, string reason) =>
            Assert.Contains(reason, Assert.Throws<InputException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_pilot_allots_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var engine = new FakeEngine { Before = given => { if (given == 20) cancellation.Cancel(); } };
        var session = Run(_folder.File("run.passatk"), engine, Design, out var completed, cancellation.Token);
        Assert.False(completed);
        Assert.Null(session.Allocation);
    }

    private static AdaptiveSession Run(
        string path, FakeEngine engine, AdaptiveDesign design, out bool completed, CancellationToken? cancellation = null)
    {
        var settings = Runs.Settings(ProblemCount) with { Adaptive = design };
        var problems = Runs.Problems(ProblemCount);
        using var store = RunStore.CreateOrOpen(path, settings, problems);
        var session = new AdaptiveSession(
            new RunSession(problems) { Store = store, Settings = settings, Grader = new ExactGrader(), Samples = design.MostSamples }, design);
        completed = session.Run(engine, cancellation ?? TestContext.Current.CancellationToken);
        return session;
    }
}
