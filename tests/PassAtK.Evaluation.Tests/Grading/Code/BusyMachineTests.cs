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

    private const string Sleeps = "from time import sleep as f";

    /// <summary>
    /// However long the machine takes: samples that need 0.6 of a second pass, those that would need 30 are ended after 2.
    /// </summary>
    [Fact]
    public void Verdicts_are_those_of_an_idle_machine()
    {
        _ = sandboxes.Grader;
        using var grader = new CodeGrader(new CodeLimits { Time = TimeSpan.FromSeconds(2), MostStretch = 1000 });
        using var load = new Load();

        Assert.Null(Detail("assert f(0.6) == 0.6", Computes));
        Assert.Null(Detail("assert f(0.6) is None", Sleeps));
        Assert.Equal("timed out: it took more than 2 s", Detail("assert f(30) == 30", Computes));
        Assert.Equal("timed out: it took more than 2 s", Detail("assert f(30) is None", Sleeps));

        string? Detail(string test, string program) => grader.Grade(Sandboxes.Problem(test), program).Detail;
    }

    /// <summary>What the kernel would count on such a machine is given, so that the outcome does not depend on this one.</summary>
    [Fact]
    public void A_program_that_the_machine_did_not_run_gets_no_verdict_but_an_error_that_says_so()
    {
        _ = sandboxes.Grader;
        var starved = new ProcessTimes(TimeSpan.FromSeconds(0.1), TimeSpan.FromDays(1));
        using var grader = new CodeGrader(
            new CodeLimits { Time = TimeSpan.FromSeconds(0.3), MostStretch = 2, Attempts = 2 }, times: _ => starved);

        var refusal = Assert.Throws<InputException>(() => grader.Grade(Sandboxes.Problem("assert f(999) is None"), Sleeps)).Message;

        Assert.StartsWith(
            "problem 'p': the machine is too busy to judge programs: a program had 0.1 s of processor time in ", refusal,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "2 times over. Every sample is kept, and this one has no verdict; run `passatk grade` when the machine has time.", refusal,
            StringComparison.Ordinal);
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
