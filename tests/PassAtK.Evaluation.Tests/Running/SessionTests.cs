using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Running;
using PassAtK.Evaluation.Storage;
using PassAtK.Evaluation.Tests.Storage;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Running;

/// <summary>What tests of sessions have in common: a folder, sessions over small problems, and engines that fail.</summary>
public abstract class SessionTests : IDisposable
{
    protected const int ProblemCount = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string RunFile => File("run.passatk");

    protected string File(string name) => _folder.File(name);

    protected static void Interrupt(bool now)
    {
        if (now)
            throw new TimeoutException();
    }

    private protected static RunSession Session(
        RunStore store, RunSettings settings, int problems, int samples, IGrader grader, int workers = 1, int gradingCapacity = 4096,
        Action<RunProgress>? progress = null) => new(Runs.Problems(problems))
        {
            Store = store,
            Settings = settings,
            Grader = grader,
            Samples = samples,
            GradingWorkers = workers,
            GradingCapacity = gradingCapacity,
            Progress = progress ?? (_ => { }),
        };

    /// <summary>Runs with engines that fail somewhere until one does not; tells how often that took.</summary>
    private protected static int RunUntilDone(Random random, Func<FakeEngine, bool> run)
    {
        for (var failures = 0; ; failures++)
        {
            var failAt = random.Next(1, 60);
            try
            {
                Assert.True(run(new FakeEngine(random.Next()) { Before = given => Interrupt(given == failAt) }));
                return failures;
            }
            catch (TimeoutException)
            {
            }
        }
    }
}
