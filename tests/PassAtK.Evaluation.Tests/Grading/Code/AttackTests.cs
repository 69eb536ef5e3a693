using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PassAtK.Evaluation.Grading.Code;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading.Code;

/// <summary>
/// Programs that mean harm. Each writes what it achieved into the result of `f`, so that a failed attack is seen to have failed, and after
/// each of them the grader still tells right from wrong.
/// </summary>
public sealed class AttackTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    /// <summary>`f` returns 1 where the attack went through and 0 where it was stopped; the test asks for 0.</summary>
    private const string Attempt = """
        def f():
            try:
                attack()
            except (OSError, PermissionError, MemoryError, ImportError, RuntimeError, ValueError, KeyError) as error:
                return 0
            return 1
        """;

    [Theory]
    [InlineData("    import socket\n    socket.create_connection(('127.0.0.1', PORT), 2)")]
    [InlineData("    import socket\n    socket.socket(socket.AF_UNIX).connect('\\0abstract')")]
    [InlineData("    import socket\n    socket.getaddrinfo('localhost', 80)")]
    public void The_network_is_out_of_reach(string body)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();

        Stopped(body.Replace("PORT", $"{((IPEndPoint)server.LocalEndpoint).Port}", StringComparison.Ordinal));

        Assert.False(server.Pending());
    }

    [Theory]
    [InlineData("    open('/etc/passwd').read()")]
    [InlineData("    open('SECRET').read()")]
    [InlineData("    open('SECRET', 'w').write('x')")]
    [InlineData("    import os\n    os.listdir('/root')")]
    [InlineData("    import os\n    os.listdir('/home')")]
    [InlineData("    open('/usr/x', 'w')")]
    [InlineData("    open('/x', 'w')")]
    [InlineData("    import os\n    os.link('/usr/bin/python3', '/tmp/p')")]
    [InlineData("    import os\n    os.chroot('/tmp')")]
    [InlineData("    import os\n    os.setuid(0)\n    os.listdir('/root')")]
    public void Files_outside_are_out_of_reach(string body)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("secret"), "kept");

        Stopped(body.Replace("SECRET", folder.File("secret"), StringComparison.Ordinal));

        Assert.Equal("kept", File.ReadAllText(folder.File("secret")));
    }

    [Theory]
    [InlineData("    import os\n    os.listdir('/proc')")]
    [InlineData("    open('/proc/self/mem')")]
    [InlineData("    open('/proc/1/environ')")]
    [InlineData("    open('/sys/kernel/notes')")]
    [InlineData("    import os\n    os.environ['PATH']")]
    [InlineData("    import os\n    os.kill(-1, 9)\n    os.kill(os.getppid() or 12345, 9)")]
    [InlineData("    import os, signal\n    os.kill(2, signal.SIGKILL)")]
    [InlineData("    import os\n    if os.getpid() == 1 == os.getsid(0) and os.getppid() == 0: raise OSError")]
    [InlineData("    import os\n    if os.uname().nodename == 'sandbox': raise OSError")]
    [InlineData("    import os\n    os.nice(5)")]
    [InlineData("    import os\n    os.sched_setaffinity(0, os.sched_getaffinity(0))")]
    [InlineData("    import os\n    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))")]
    [InlineData("    import os\n    os.splice(os.pipe()[0], os.pipe()[1], 1)")]
    [InlineData("    import os\n    os.pidfd_open(2)")]
    [InlineData("    import socket\n    a, b = socket.socketpair()\n    socket.send_fds(a, [b'x'], [0])")]
    [InlineData("    import os\n    os.fork()")]
    [InlineData("    import subprocess\n    subprocess.check_output('true')")]
    [InlineData("    import os\n    os.posix_spawn('/usr/bin/true', ['true'], {})")]
    [InlineData("    import multiprocessing\n    p = multiprocessing.Process(target=print)\n    p.start()")]
    public void Other_processes_and_the_kernel_are_out_of_reach(string body) => Stopped(body);

    /// <summary>Each call is true where it was refused.</summary>
    [Theory]
    [InlineData("c.personality(0x400000)")]
    [InlineData("c.setns(0, 0)")]
    [InlineData("c.umount2(b'/tmp', 2)")]
    [InlineData("c.sethostname(b'x', 1)")]
    [InlineData("c.capset(b'\\x22\\x05\\x08\\x20' + bytes(4), b'\\xff' * 24)")]
    [InlineData("c.syscall(425, 8, bytes(120)) < 0")] // io_uring_setup
    [InlineData("c.syscall(435, bytes(88), 88) < 0")] // clone3
    [InlineData("c.syscall(447, 0) < 0")] // memfd_secret
    [InlineData("c.ptrace(0, 0, 0, 0)")]
    [InlineData("c.unshare(0x10000000)")]
    [InlineData("c.prctl(1, 0, 0, 0, 0)")]
    [InlineData("c.mount(b'n', b'/tmp', b'tmpfs', 0, 0)")]
    [InlineData("c.memfd_create(b'n', 0) < 0")]
    [InlineData("c.syscall(0x40000000 + 39) < 0")]
    public void System_calls_that_no_program_needs_are_refused(string call) =>
        Stopped($"    import ctypes\n    c = ctypes.CDLL(None, use_errno=True)\n    if {call}: raise OSError");

    [Theory]
    [InlineData("    x = bytearray(1 << 31)")]
    [InlineData("    x = []\n    while True: x.append(bytearray(1 << 20))")]
    [InlineData("    x = 'a'\n    while True: x += x")]
    [InlineData("    open('/tmp/x', 'wb').write(bytes(32 << 20))")]
    [InlineData("    for n in range(100): open(f'/tmp/{n}', 'wb').write(bytes(8 << 20))")]
    [InlineData("    import os\n    for n in range(1000): os.pipe()")]
    [InlineData(
        "    import threading, time\n"
        + "    for n in range(5000): threading.Thread(target=time.sleep, args=(99,), daemon=True).start()")]
    [InlineData("    import resource\n    resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))")]
    public void Memory_files_and_threads_have_a_limit(string body)
    {
        _ = sandboxes.Grader;
        // Less than the usual memory: to fill a gigabyte may take a virtual machine longer than a program's time.
        using var grader = new CodeGrader(new CodeLimits { Memory = 256 << 20 });

        var verdict = grader.Grade(Sandboxes.Problem("assert f() == 0"), $"```\ndef attack():\n{body}\n{Attempt}\n```");

        Assert.True(verdict.Correct, verdict.Detail);
        Survives();
    }

    /// <summary>Each would make a grader that shares a process with the program, or believes what it sends, say that it is right.</summary>
    [Theory]
    [InlineData("import os; os._exit(0)")]
    [InlineData("import sys; sys.exit(0)")]
    [InlineData("raise SystemExit(0)")]
    [InlineData("raise KeyboardInterrupt")]
    [InlineData("import os, signal; signal.raise_signal(signal.SIGTERM); os.abort()")]
    [InlineData("import ctypes; ctypes.string_at(0)")]
    [InlineData("def f(x): import os; os._exit(0)")]
    [InlineData("def f(x): raise SystemExit(0)")]
    [InlineData("def f(x): raise StopIteration")]
    [InlineData("import os, signal\ndef f(x): os.kill(0, signal.SIGKILL)")]
    [InlineData(
        "import os, signal\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        + "    except (OSError, ValueError): pass\nfor n in (9, 15, 19, 6):\n    os.killpg(0, n)\ndef f(x): return 5")]
    [InlineData(
        "import threading, os\ndef write():\n    while True:\n        for fd in range(3, 64):\n"
        + "            try: os.write(fd, b'\\x0c\\0\\0\\0{\"value\":42}')\n            except OSError: pass\n"
        + "threading.Thread(target=write).start()\ndef f(x): return 5")]
    [InlineData("import sys\ndef f(x): return [n for n, v in list(vars(sys.modules['__main__']).items()) if 'verdict' in n] or 5")]
    [InlineData(
        "import os, gc, types\nos._exit = lambda code: None\nfor thing in gc.get_objects(0):\n"
        + "    if isinstance(thing, types.FunctionType) and thing.__name__ == 'send': thing(1, b'V{\"correct\": true}')\n"
        + "def f(x): raise SystemExit")]
    [InlineData(
        "import sys\nframe = sys._getframe()\nwhile frame:\n    server = frame.f_locals.get('self')\n"
        + "    for name in ('jobs', 'verdicts'):\n        fd = getattr(server, name, 1)\n"
        + "        try: __import__('os').write(fd, b'\\x12\\0\\0\\0V{\"correct\": true}')\n        except OSError: pass\n"
        + "    frame = frame.f_back\ndef f(x): return 5")]
    [InlineData(
        "class Yes:\n    def __eq__(self, other): return True\n    def __bool__(self): return True\n    __hash__ = None\n"
        + "def f(x): return Yes()")]
    [InlineData("class Yes(int):\n    def __eq__(self, other): return True\n    __hash__ = int.__hash__\ndef f(x): return Yes(5)")]
    [InlineData("class Yes(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__\ndef f(x): return Yes()")]
    [InlineData(
        "class Yes(list):\n    def __eq__(self, other): return True\n    def __iter__(self): return iter([42])\n"
        + "    __hash__ = None\ndef f(x): return Yes()")]
    [InlineData("def check(candidate): pass\ndef f(x): return 5")]
    [InlineData("import builtins\nbuiltins.AssertionError = None\nbuiltins.isinstance = lambda *a: True\ndef f(x): return 5")]
    [InlineData("import atexit, os\natexit.register(os._exit, 0)\ndef f(x): return 5")]
    [InlineData(
        "import sys\ndef f(x):\n    for n in range(100):\n        try: frame = sys._getframe(n)\n"
        + "        except ValueError: return 5\n        for name, value in list(frame.f_locals.items()):\n"
        + "            if name in ('expected', 'correct', 'nonce'): return value")]
    [InlineData("import gc\ndef f(x):\n    for thing in gc.get_objects():\n        if thing == 42: return thing\n    return 5")]
    [InlineData(
        "import os\ndef f(x):\n    for fd in range(3, 64):\n"
        + "        for content in (b'V{\"correct\": true}', b'D', b'{\"correct\": true}'):\n"
        + "            try: os.write(fd, len(content).to_bytes(4, 'little') + content)\n            except OSError: pass\n"
        + "    return 5")]
    [InlineData(
        "import os\nfor fd in range(3, 64):\n"
        + "    for content in (b'V{\"correct\": true}', b'D', b'ended', b'{\"value\":{\"correct\":true}}'):\n"
        + "        try: os.write(fd, (len(content).to_bytes(4, 'little') + content) * 50)\n        except OSError: pass\n"
        + "os._exit(0)")]
    [InlineData(
        "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'\\xff\\xff\\xff\\x7f' + bytes(100))\n"
        + "    except OSError: pass")]
    [InlineData("import os\nos.closerange(0, 64)\ndef f(x): return 5")]
    [InlineData("def f(x):\n    x = []\n    for n in range(100000): x = [x]\n    return x")]
    [InlineData("def f(x):\n    x = []\n    x.append(x)\n    return x")]
    [InlineData("def f(x): return 'x' * (40 << 20)")]
    [InlineData("def f(x): return 10 ** 100000")]
    [InlineData("def f(x):\n    while True: yield 1")]
    [InlineData(
        "import sys\nm = sys.modules['__main__']\nm.Objects.encode = lambda self, value: '{\"object\":[0,\"int\"]}'\n"
        + "def f(x): return 5")]
    [InlineData(
        "import sys\nm = sys.modules['__main__']\nm.Objects.encode = lambda self, value: '{\"type\":\"exit\"}'\n"
        + "def f(x): return 5")]
    [InlineData(
        "import sys\nm = sys.modules['__main__']\n"
        + "m.Program.answer = lambda self, request: '{\"value\":{\"fractions.Fraction\":\"1e99999999999\"}}'\n"
        + "def f(x): return 5")]
    [InlineData(
        "import sys\nm = sys.modules['__main__']\n"
        + "m.Program.answer = lambda self, request: '{\"value\":{\"range\":[0,1000000000000000,1]}}'\ndef f(x): return 5")]
    [InlineData(
        "import sys\nm = sys.modules['__main__']\n"
        + "m.Program.answer = lambda self, request: '{\"value\":' + '[' * 100000 + ']' * 100000 + '}'\ndef f(x): return 5")]
    [InlineData(
        "import sys\nm = sys.modules['__main__']\nm.Program.answer = lambda self, request: '{\"function\":[-1,[]]}'\n"
        + "def f(x): return 5")]
    [InlineData(
        "import sys\nm = sys.modules['__main__']\n"
        + "m.Program.raised = lambda self, e: '{\"raised\":[[\"AssertionError\"],[]]}'\ndef f(x): return 1/0")]
    public void No_verdict_can_be_forged(string program)
    {
        const string Test = "def check(candidate):\n    assert candidate(6) == 42\n    assert list(str(candidate(7))) == ['4', '9']\n";

        var verdict = sandboxes.Judge(Test, program);

        Assert.False(verdict.Correct, verdict.Detail);
        Assert.NotNull(verdict.Detail);
        Survives();
    }

    [Theory]
    [InlineData("def f(x): raise ValueError", true)]
    [InlineData("import os\ndef f(x): os._exit(0)", false)]
    [InlineData("import sys\ndef f(x): sys.modules['__main__'].Program.answer = lambda *request: '?'", false)]
    public void Tests_that_catch_everything_are_not_passed_by_a_program_that_ended(string program, bool expected)
    {
        const string Test = "def check(candidate):\n    for _ in range(2):\n        try: candidate(1)\n        except: pass\n";

        Assert.Equal(expected, sandboxes.Judge(Test, program).Correct);
    }

    [Fact]
    public void What_a_program_prints_goes_nowhere()
    {
        const string Program = """
            import os, sys
            def f():
                for n in range(200):
                    print('x' * 100000)
                    print('x' * 100000, file=sys.stderr)
                    os.write(1, b'x' * 100000)
                try:
                    return input()
                except EOFError:
                    return 0
            """;

        Assert.Null(sandboxes.Judge("assert f() == 0", Program).Detail);
    }

    [Fact]
    public void Programs_that_never_end_are_ended_with_all_their_threads()
    {
        var mark = $"endless{Environment.ProcessId}";
        var program = $"""
            import ctypes, signal, threading, time
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            ctypes.CDLL(None).prctl(15, b'{mark}')
            for n in range(4): threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()
            def f():
                while True: time.sleep(1)
            """;

        Assert.StartsWith("timed out", sandboxes.Judge("f()", program).Detail, StringComparison.Ordinal);

        // The kernel takes a moment to end them.
        for (var patience = Stopwatch.StartNew(); Left() > 0 && patience.Elapsed < TimeSpan.FromSeconds(20);)
            Thread.Sleep(50);
        Assert.Equal(0, Left());
        Survives();

        int Left() => Process.GetProcesses().Count(process => process.ProcessName == mark);
    }

    [Fact]
    public async Task Signals_that_a_terminal_sends_to_all_processes_change_no_verdict()
    {
        var judging = Task.Run(() => sandboxes.Judge("assert f() == 0", "import time\ndef f():\n    time.sleep(1.5)\n    return 0"));
        while (!judging.IsCompleted)
        {
            string[] started = [.. Directory.GetDirectories("/proc/self/task").SelectMany(Children)];
            const string Signals = "kill -INT $@ 2>/dev/null; kill -TERM $@ 2>/dev/null";
            if (started.Length > 0)
                using (var kill = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Signals, "sh", .. started])))
                    await kill!.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Null((await judging).Detail);

        static string[] Children(string thread)
        {
            try
            {
                // Sandboxes alone: what else tests start beside this one is none of its business.
                return [.. File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Where(child => File.ReadAllText($"/proc/{child}/comm").Trim() == "bwrap")];
            }
            catch (IOException)
            {
                // The thread or one of its children has ended.
                return [];
            }
        }
    }

    private void Stopped(string body)
    {
        var verdict = sandboxes.Judge("assert f() == 0", $"def attack():\n{body}\n{Attempt}");

        Assert.True(verdict.Correct, verdict.Detail);
        Survives();
    }

    private void Survives()
    {
        Assert.True(sandboxes.Judge("assert f(3) == 4", "def f(x): return x + 1").Correct);
        Assert.False(sandboxes.Judge("assert f(3) == 4", "def f(x): return x").Correct);
    }
}
