using PassAtK.Engine;
using PassAtK.Evaluation.Grading.Code;
using PassAtK.Tests;

namespace PassAtK.Evaluation.Tests.Grading.Code;

public sealed class CodeGraderTests(Sandboxes sandboxes) : IClassFixture<Sandboxes>
{
    /// <summary>What would work in one process works across two.</summary>
    [Theory]
    [InlineData(
        "def f(x): return [(1, 2.5, 'é\\n\\udc80'), {3, 4}, {5: None}, b'6', 7j, True, 10 ** 5000]",
        "assert f(0) == [(1, 2.5, 'é\\n\\udc80'), {3, 4}, {5: None}, b'6', 7j, True, 10 ** 5000]")]
    [InlineData("def f(x): return x, -x, x - x", "a, b, c = f(float('inf'))\nassert a == float('inf') and b == -a and c != c")]
    [InlineData(
        "from collections import *\ndef f(x): return Counter(x), OrderedDict(a=1), deque(x), dict.fromkeys(x).keys()",
        "from collections import *\nassert f('aab') == (Counter(a=2, b=1), {'a': 1}, deque('aab'), {'a', 'b'})")]
    [InlineData(
        "from datetime import *\nfrom fractions import *\ndef f(x): return x + timedelta(days=1), Fraction(1, 3)",
        "from datetime import date\nfrom fractions import Fraction\n"
        + "assert f(date(2020, 2, 28)) == (date(2020, 2, 29), Fraction(1, 3))")]
    [InlineData("def f(x): x.sort(); x[0].append(3)", "a = [[2], [1]]\nb = a[1]\nassert f(a) is None and a == [[1, 3], [2]]")]
    [InlineData("def f(x): x['k'] = 1; x.pop('l')", "a = {'l': 2}\nf(a)\nassert a == {'k': 1}")]
    [InlineData("def f(x, *, y=1): return x - y", "assert f(5) == 4 and f(x=5, y=2) == 3")]
    [InlineData("def f(g, x): return g(x) + 1", "assert f(lambda v: v * 2, 4) == 9 and f(abs, -4) == 5")]
    [InlineData("def f(g, n): return 1 if n == 0 else g(n - 1) + 1", "assert f(lambda n: f(None, 0) + n, 3) == 4")]
    [InlineData(
        "def f(g):\n    try: return g()\n    except ValueError as e: return str(e)",
        "def g(): raise ValueError('no')\nassert f(g) == 'no'")]
    [InlineData("def f(n):\n    for i in range(n): yield i", "assert list(f(3)) == [0, 1, 2] and sum(f(4)) == 6")]
    [InlineData("def f(n):\n    while True: yield n", "a = f(5)\nassert next(a) == next(a) == 5")]
    [InlineData("def f(n): return lambda m: n + m", "assert f(2)(3) == 5")]
    [InlineData("def f(x): raise type('Own', (KeyError,), {})(x)", "try: f(1)\nexcept KeyError: pass\nelse: assert False")]
    [InlineData(
        "class f:\n    def __init__(self, x): self.x = x\n    def twice(self): return 2 * self.x\n"
        + "    def __len__(self): return 3\n    def __getitem__(self, i): return i",
        "a = f(5)\na.x += 1\nassert (a.x, a.twice(), len(a), a[7]) == (6, 12, 3, 7) and a == a and a != f(6)")]
    [InlineData("import enum\nclass E(enum.IntEnum):\n    A = 4\ndef f(x): return E.A", "assert f(0) == 4")]
    [InlineData("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef f(x): return P(x)", "assert f(3).x == 3")]
    [InlineData("import math\ndef f(x): return math.sqrt(x)", "assert math.isclose(f(2) ** 2, 2)")]
    [InlineData("def helper(x): return x\ndef f(x): return x", "assert helper(f(1)) == 1")]
    [InlineData("def f(x): return x\nif __name__ == '__main__': f(input())", "assert f(1) == 1")]
    public void A_right_program_passes(string program, string test) => Assert.Null(sandboxes.Judge(test, program).Detail);

    [Theory]
    [InlineData("def f(x): return x + 1", "AssertionError: assert f(1) == 1")]
    [InlineData("def f(x):", "IndentationError: expected an indented block after function definition on line 1 (solution, line 1)")]
    [InlineData("def g(x): return x", "NameError: name 'f' is not defined")]
    [InlineData("def f(): return 1", "TypeError: f() takes 0 positional arguments but 1 was given")]
    [InlineData("def f(x): return input('?')", "EOFError: EOF when reading a line")]
    [InlineData("def f(x):\n    import numpy", "ModuleNotFoundError: No module named 'numpy'")]
    [InlineData("def f(x): return f(x)", "RecursionError: maximum recursion depth exceeded")]
    [InlineData("def f(x): exit(0)", "NameError: name 'exit' is not defined")]
    [InlineData("import sys\ndef f(x): sys.exit(0)", "the program raised SystemExit")]
    [InlineData("import os\ndef f(x): os._exit(0)", "the program ended")]
    [InlineData("def f(x): raise ValueError('a\\n\\x00b' + 300 * 'c')", null)]
    [InlineData("x = '\0'", null)]
    public void A_wrong_program_is_told_why(string program, string? detail)
    {
        var verdict = sandboxes.Judge("assert f(1) == 1", program);

        Assert.False(verdict.Correct);
        Assert.InRange(verdict.Detail!.Length, 1, 200);
        Assert.DoesNotContain(verdict.Detail, char.IsControl);
        if (detail is not null)
            Assert.Equal(detail, verdict.Detail);
    }

    [Fact]
    public void Helpers_and_imports_of_the_prompt_serve_answers_that_leave_them_out()
    {
        const string Prompt = "import math\n\ndef half(x):\n    return x / 2\n\ndef f(x):\n    \"\"\"Half the root.\"\"\"\n";
        var problem = Sandboxes.Problem("def check(candidate):\n    assert candidate(16) == half(4) == 2", Prompt);

        Assert.Null(sandboxes.Grader.Grade(problem, "    return half(math.sqrt(x))\n").Detail);
        Assert.Null(sandboxes.Grader.Grade(problem, "```python\ndef f(x):\n    return half(math.sqrt(x))\n```").Detail);
        // Nor can an answer replace the helper that judges it.
        var replaced = sandboxes.Grader.Grade(problem, "```python\ndef half(x): return 2\ndef f(x): return 7\n```");
        Assert.StartsWith("AssertionError", replaced.Detail, StringComparison.Ordinal);
        // The prompt's own function is no answer.
        var undefined = sandboxes.Grader.Grade(problem, "```python\nf\n```\n```python\ndel f\nf = 1; del f\n```");
        Assert.Equal("NameError: name 'f' is not defined", undefined.Detail);
    }

    [Theory]
    [InlineData("assert f(", "its tests cannot be run: they are not valid Python ('(' was never closed (tests, line 1)).")]
    [InlineData("class A: pass\nf(A())", "its tests cannot be run: they pass an argument that cannot leave its process (")]
    public void Tests_that_no_program_could_pass_are_refused_by_problem(string test, string why)
    {
        var refusal = Assert.Throws<InputException>(() => sandboxes.Judge(test, "def f(x): return x"));

        Assert.StartsWith($"problem 'p': {why}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gold_of_another_form_is_refused()
    {
        using var grader = new CodeGrader();

        foreach (var gold in (string[])["5", "{}", "x", """{"prompt":1}"""])
        {
            var refusal = Assert.Throws<InputException>(() => grader.Check(Sandboxes.Problem("") with { Gold = gold }));
            Assert.StartsWith(
                "problem 'p': the gold is none that the code grader reads, expected ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_bubblewrap_grading_is_refused_with_how_to_install_it()
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<InputException>(() => Bubblewrap.Find(folder.Path));

        Assert.Equal(
            "code grading needs bubblewrap, which is not installed: programs written by a model run in a sandbox only "
            + "(on Debian and Ubuntu: apt-get install bubblewrap).", refusal.Message);
    }

    /// <summary>What bubblewrap says on systems that keep user namespaces from users.</summary>
    [Fact]
    public void Where_namespaces_are_forbidden_grading_is_refused_in_one_sentence_before_anything_is_sampled()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("bwrap"), "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "bubblewrap is for Linux");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File("bwrap"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var grader = new CodeGrader(CodeLimits.Default, folder.Path);

        var refusal = Assert.Throws<InputException>(() => grader.Check(Sandboxes.Problem("assert f")));

        Assert.Equal(
            "code grading: the sandbox cannot be set up here (bwrap: No permissions to create a new namespace), expected a system that "
            + "lets bubblewrap make user namespaces, and its programs within them.", refusal.Message);
    }

    [Fact]
    public void Values_that_cannot_go_back_to_the_program_are_no_fault_of_the_tests()
    {
        Assert.Null(sandboxes.Judge("assert f(f({1: 2})) == [1]", "def f(x): return x if isinstance(x, list) else x.keys()").Detail);
        Assert.False(sandboxes.Judge("assert f(f(1)) == 1", "from collections import deque\ndef f(x): return deque([f])").Correct);
        Assert.False(sandboxes.Judge("assert f(f(1)) == 1", "def f(x): return 'x' * (15 << 20) if x == 1 else x + x").Correct);
    }
}
