using System.Globalization;
using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Estimation.Allocation;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tasks;
using PassAtK.Evaluation.Tests.Storage;

namespace PassAtK.Evaluation.Tests.Running;

public sealed class AdaptiveSessionTests : SessionTests
{
    private static readonly (string, int) Grader = ("difficulty", 1);

    private static readonly AdaptiveDesign Design = new(K: 1, Pilot: 16, TargetWidth: 0.1, MostSamples: 400);

    [Fact]
    public void Every_problem_gets_the_pilot_and_what_its_verdicts_allot()
    {
        var path = RunFile;
        Assert.True(Run(path, new FakeEngine(), Design));

        using var reader = RunReader.Open(path);
        int[] pilot = [.. reader.Tallies(Grader, end: Design.Pilot).Select(tally => tally.Correct)];
        var allotted = SampleAllocation.Of(Design, pilot).Counted;
        var counted = reader.Tallies(Grader, first: Design.Pilot)
            .Select(tally => new ProblemCounts($"{tally.Problem}", tally.Graded, tally.Correct)).ToArray();
        Assert.All(allotted.Zip(counted), pair => Assert.True(pair.First <= pair.Second.Samples));
        Assert.True(allotted.Distinct().Count() > 1, "the problems are to differ in samples");
        var point = SamplingInterval.Of(counted, Design.K);
        Assert.InRange(point.High - point.Low, 0.05, Design.TargetWidth);
        Assert.Equal(Design, reader.Settings().Adaptive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_that_fails_anywhere_again_and_again_ends_as_one_that_was_never_interrupted(int seed)
    {
        var whole = File("whole.passatk");
        Run(whole, new FakeEngine(99), Design);
        var path = RunFile;
        Assert.InRange(RunUntilDone(new Random(seed), engine => Run(path, engine, Design)), 2, 1_000);
        Assert.Equal(Runs.Export(whole, Grader), Runs.Export(path, Grader));
    }

    [Fact]
    public void A_smaller_target_goes_on_with_the_run_and_draws_nothing_twice()
    {
        var narrow = Design with { TargetWidth = 0.07 };
        var whole = File("whole.passatk");
        Run(whole, new FakeEngine(), narrow);
        var path = RunFile;
        Run(path, new FakeEngine(), Design);
        var again = new FakeEngine();
        Run(path, again, Design);
        Assert.Empty(again.Requests);
        Run(path, new FakeEngine(), narrow);
        Assert.Equal(Runs.Export(whole, Grader), Runs.Export(path, Grader));
        using var reader = RunReader.Open(path);
        Assert.Equal(narrow, reader.Settings().Adaptive);
    }

    [Fact]
    public void Neither_kind_of_run_goes_on_as_the_other_nor_with_another_pilot()
    {
        var path = RunFile;
        Run(path, new FakeEngine(), Design);
        AssertRefused(
            () => Runs.Open(path, ProblemCount).Dispose(), "adaptive is none, but the run was made with pass@1 with a pilot of 16");
        AssertRefused(() => Run(path, new FakeEngine(), Design with { Pilot = 8 }), "pass@1 with a pilot of 8");
        AssertRefused(() => Run(path, new FakeEngine(), Design with { K = 2 }), "pass@2 with a pilot of 16");
        var plain = File("plain.passatk");
        Runs.Open(plain, ProblemCount).Dispose();
        AssertRefused(() => Run(plain, new FakeEngine(), Design), "but the run was made with none");

        static void AssertRefused(Action action, string reason) =>
            Assert.Contains(reason, Assert.Throws<InputException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_pilot_allots_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var engine = new FakeEngine { Before = given => { if (given == 20) cancellation.Cancel(); } };
        var path = RunFile;
        Assert.False(Run(path, engine, Design, cancellation.Token));
        using var reader = RunReader.Open(path);
        Assert.InRange(reader.SampleCount(), 1, 21);
    }

    private static bool Run(string path, FakeEngine engine, AdaptiveDesign design, CancellationToken? cancellation = null)
    {
        var settings = Runs.Settings(ProblemCount) with { Adaptive = design };
        using var store = RunStore.CreateOrOpen(path, settings, Runs.Problems(ProblemCount));
        var session = new AdaptiveSession(Session(store, settings, ProblemCount, design.MostSamples, new DifficultyGrader()), design);
        return session.Run(engine, cancellation ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Problem i accepts two families in twelve times i: their p are 0, 1/6, ..., 5/6.</summary>
    private sealed class DifficultyGrader : IGrader
    {
        public string Name => "difficulty";

        public int Version => 1;

        public Verdict Grade(Problem problem, string completion) => new(
            int.Parse(completion.Split('"')[1], CultureInfo.InvariantCulture)
                < 2 * int.Parse(problem.Id.AsSpan(1), CultureInfo.InvariantCulture),
            null);
    }
}
