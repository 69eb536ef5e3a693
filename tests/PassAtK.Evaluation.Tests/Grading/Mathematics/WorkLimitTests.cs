using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Grading.Mathematics;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Tests.Grading.Mathematics;

/// <summary>Answers that are built to be expensive: each gets a verdict, and none is taken for the gold.</summary>
public sealed class WorkLimitTests
{
    public static TheoryData<string> Traps =>
    [
        new string('(', 900) + "1" + new string(')', 900),
        new string('{', 900) + "1" + new string('}', 900),
        "9^{9^{9^{9}}}",
        "(x+1)^{999999}",
        "(a+b+c+d+e+f)^{60}",
        "100000!",
        "5!!!!!!!!",
        Repeated("(x+1)", 300),
        string.Concat(Enumerable.Range(0, 150).Select(n => $"(x+y_{{{n}}})")),
        string.Join('+', Enumerable.Range(0, 150).Select(n => $@"\sqrt{{{n}}}")),
        string.Join('+', Enumerable.Range(0, 150).Select(n => $@"\sin({n}x)")),
        Repeated(@"\sqrt{1+", 100) + "1" + new string('}', 100),
        Repeated("e^{", 100) + "1" + new string('}', 100),
        new string('9', 1900),
        $@"\sqrt{{{new string('9', 1900)}}}",
        $@"\mathbb{{R}}\setminus\{{{string.Join(',', Enumerable.Range(0, 400))}\}}",
        Repeated(@"\begin{pmatrix}a&b\\c&d\end{pmatrix}", 30),
        @"\begin{pmatrix}a&b&c\\c&d&e\\e&f&g\end{pmatrix}^8",
        "5" + new string('%', 1500),
        string.Join('/', Enumerable.Repeat("x", 900)),
        new string('-', 1900) + "1",
        Repeated(@"\pm 1", 350),
        Repeated(@"\frac", 390),
        "1E9999",
        @"\binom{1000000}{500000}",
        @"\sin(10^{2000})",
        string.Join('<', Enumerable.Repeat("x", 600)),
        Repeated(@"\text{", 300) + "1" + new string('}', 300),
        Repeated("x ", 900),
    ];

    [Theory]
    [MemberData(nameof(Traps))]
    public void An_expensive_answer_gets_a_verdict(string answer)
    {
        var problem = new Problem { Id = "p", Prompt = "", Gold = @"\sqrt{2}+x", Raw = "{}" };

        Assert.False(new MathGrader().Grade(problem, $@"\boxed{{{answer}}}").Correct);
    }

    [Fact]
    public void A_comparison_that_exceeds_its_budget_says_so()
    {
        // Each item of one list is looked for in all of the other.
        string[] sines = [.. Enumerable.Range(1, 120).Select(n => $@"\sin {n}")];
        var problem = new Problem { Id = "p", Prompt = "", Gold = string.Join(", ", sines), Raw = "{}" };
        var answer = string.Join(", ", sines.Reverse());

        Assert.Equal("the comparison exceeds its budget of work", new MathGrader().Grade(problem, $@"\boxed{{{answer}}}").Detail);
    }

    [Fact]
    public void A_budget_ends_exactly_when_it_is_spent()
    {
        var budget = new WorkBudget(10);
        budget.Spend(4);
        var part = budget.Part(6);
        part.Spend(5);
        budget.Reclaim(part);
        budget.Spend(1);

        Assert.Throws<WorkLimitException>(() => budget.Spend(1));
    }

    private static string Repeated(string part, int times) => string.Concat(Enumerable.Repeat(part, times));
}
