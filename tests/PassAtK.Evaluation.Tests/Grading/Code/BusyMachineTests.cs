using PassAtK.Engine;
using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Tests.Grading.Code;

/// <summary>Grading beside threads that keep every processor busy several times over.</summary>
public sealed class BusyMachineTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    private const string Computes = """
        import time
        def f(seconds):
            start = time.process_time()
            while time.process_time() - start < seconds: pass
            return seconds
        """;

    [Fact]
    public void Verdicts_are_those_of_an_idle_machine()
    {
        using var grader = Grader(new CodeLimits { Time = TimeSpan.FromSeconds(1) });
        using var load = new Load();

        Assert.Null(grader.Grade(Sandboxes.Problem("assert f(0.6) == 0.6"), Computes).Detail);
        Assert.Null(grader.Grade(Sandboxes.Problem("assert f(0.6) is None"), "from time import sleep as f").Detail);
        Assert.Equal("timed out: it took more than 1 s", grader.Grade(Sandboxes.Problem("assert f(30) == 30"), Computes).Detail);
        Assert.Equal("timed out: it took more than 1 s", grader.Grade(Sandboxes.Problem("assert f(30) is None"), "from time import sleep as f").Detail);
    }

    [Fact]
    public void A_program_that_the_machine_did_not_run_gets_no_verdict_but_an_error_that_says_so()
    {
        using var grader = Grader(new CodeLimits { Time = TimeSpan.FromSeconds(0.3), MostStretch = 1, Attempts = 2 });
        using var load = new Load();

        var refusal = Assert.Throws<InputException>(() => grader.Grade(Sandboxes.Problem("assert f(30) == 30"), Computes));

        Assert.StartsWith("problem 'p': the machine is too busy to judge programs: a program had 0.", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("2 times over. Every sample is kept, and this one has no verdict; run `passatk grade` when the machine has time.", refusal.Message, StringComparison.Ordinal);
    }

    private CodeGrader Grader(CodeLimits limits)
    {
        _ = sandboxes.Grader;
        return new CodeGrader(limits);
    }

    /// <summary>Four busy threads for each processor.</summary>
    private sealed class Load : IDisposable
    {
        private readonly Thread[] _threads;
        private volatile bool _ended;

        public Load()
        {
            _threads = [.. Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => new Thread(() =>
            {
                while (!_ended)
                    Thread.SpinWait(1000);
            }))];
            foreach (var thread in _threads)
                thread.Start();
        }

        public void Dispose()
        {
            _ended = true;
            foreach (var thread in _threads)
                thread.Join();
        }
    }
}
