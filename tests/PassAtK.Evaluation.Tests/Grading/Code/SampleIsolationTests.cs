using System.Diagnostics;
using System.Globalization;
using PassAtK.Evaluation.Grading.Code;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading.Code;

/// <summary>All samples of a worker are forked from one image: nothing of one may reach the next, and nothing of it may stay.</summary>
public sealed class SampleIsolationTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    [Fact]
    public void What_a_program_writes_to_files_the_next_does_not_find()
    {
        const string Program = """
            import os
            def f():
                found = os.listdir('/tmp')
                open('/tmp/left', 'w').write('here')
                return found + os.listdir('/tmp')
            """;

        for (var n = 0; n < 3; n++)
            Assert.Null(sandboxes.Judge("assert f() == ['left']", Program).Detail);
    }

    [Fact]
    public void What_a_program_changes_in_Python_the_next_does_not_find()
    {
        const string Program = """
            import builtins, gc, math, os, random, resource, signal, sys, threading, typing
            def f():
                objects = sys.modules['__main__'].Objects
                found = repr([
                    math.pi, hasattr(builtins, 'left'), typing.List is None, os.environ.get('LEFT'), sys.getrecursionlimit(), os.getcwd(),
                    signal.getsignal(signal.SIGUSR1), resource.getrlimit(resource.RLIMIT_NOFILE), threading.active_count(),
                    sorted(sys.modules), gc.isenabled(), os.umask(0), sys.path, hasattr(objects, 'left'), random.random()])
                math.pi, builtins.left, typing.List, os.environ['LEFT'], sys.modules['left'], objects.left = 3, 1, None, 'x', sys, 1
                sys.setrecursionlimit(500)
                os.chdir('/')
                sys.path.insert(0, '/left')
                signal.signal(signal.SIGUSR1, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
                threading.Thread(target=threading.Event().wait).start()
                gc.disable()
                return found
            """;

        string?[] seen = [.. Enumerable.Range(0, 3).Select(_ => sandboxes.Judge("raise ValueError(hash(f()))", Program).Detail)];

        Assert.Matches("^ValueError: -?[0-9]+$", seen[0]);
        Assert.Equal([seen[0], seen[0], seen[0]], seen);
    }

    [Fact]
    public void A_program_holds_no_descriptor_but_its_own_channel()
    {
        const string Program = """
            import os, stat
            def f():
                found = []
                for number in range(4096):
                    try: mode = os.fstat(number).st_mode
                    except OSError: continue
                    found.append('null' if stat.S_ISCHR(mode) else 'pipe' if stat.S_ISFIFO(mode) else 'other')
                return found
            """;
        using var folder = new TemporaryFolder();
        using var inherited = new FileStream(
            folder.File("secret"), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Inheritable);
        _ = sandboxes.Grader;
        // Started now, while the file is open.
        using var grader = new CodeGrader();

        var problem = Sandboxes.Problem("assert f() == ['null', 'null', 'null', 'pipe', 'pipe']");
        Assert.Null(grader.Grade(problem, $"```\n{Program}\n```").Detail);
    }

    [Fact]
    public async Task No_process_can_write_to_memory_of_another()
    {
        _ = sandboxes.Grader;
        var (grader, processes) = Recognisable(1);
        using (grader)
        {
            var judging = Task.Run(
                () => grader.Grade(Sandboxes.Problem("f()"), "import ctypes, threading, time\ndef f(): time.sleep(2)"),
                TestContext.Current.CancellationToken);
            while (processes().Count < 4 && !judging.IsCompleted)
                await Task.Delay(10, TestContext.Current.CancellationToken);
            string[] shared =
            [
                .. processes().SelectMany(process => File.ReadLines($"/proc/{process}/maps"))
                    .Where(line => line.Split(' ')[1] is ['r', 'w', _, 's']),
            ];

            Assert.Null((await judging).Detail);
            Assert.Empty(shared);
        }
    }

    [Fact]
    public async Task Hundreds_of_samples_leave_no_process_and_no_descriptor_behind()
    {
        string[] programs =
        [
            "def f(): return 0", "def f(): return 1", "import os; os._exit(0)", "def f(: ",
            "open('/tmp/x', 'w').write('x' * 10**6)\ndef f(): return 0",
            "import threading\nthreading.Thread(target=threading.Event().wait).start()\ndef f(): return 0",
        ];
        _ = sandboxes.Grader;
        var (grader, processes) = Recognisable(2);
        using (grader)
        {
            for (var n = 0; n < 300; n++)
                grader.Grade(Sandboxes.Problem("assert f() == 0"), programs[n % programs.Length]);
            // Bubblewrap, the server of the samples, and the two processes that wait for the next one.
            Assert.Equal(4, await Settled(processes, 4));
            // Its channel of two and the standard streams.
            Assert.Equal(5, Directory.GetFiles($"/proc/{processes().Order().ElementAt(1)}/fd").Length);
        }
        Assert.Equal(0, await Settled(processes, 0));
    }

    private static async Task<int> Settled(Func<IReadOnlyCollection<int>> processes, int expected)
    {
        for (var patience = Stopwatch.StartNew(); processes().Count != expected && patience.Elapsed < TimeSpan.FromSeconds(30);)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        return processes().Count;
    }

    /// <summary>A grader whose processes are known by a limit that no other grader has.</summary>
    private static (CodeGrader Grader, Func<IReadOnlyCollection<int>> Processes) Recognisable(int number)
    {
        var limits = new CodeLimits { Calls = 1_000_000_000 + (10 * Environment.ProcessId) + number };
        var mark = $"\0{limits.Calls}\0";
        return (new CodeGrader(limits), Processes);

        IReadOnlyCollection<int> Processes() =>
        [
            .. Directory.GetDirectories("/proc").Select(ProcessOf)
                .Where(id => id > 0 && CommandOf(id).EndsWith(mark, StringComparison.Ordinal)),
        ];

        static int ProcessOf(string folder) => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    private static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
