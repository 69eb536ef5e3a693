using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Tests.Grading;

/// <summary>What the answer graders read from texts of every habit, and which answers they take for the same.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("so she has 16 - 3 = 13 eggs.\n#### 18", "18")]
    [InlineData("#### $1,234.50", "2469/2")]
    [InlineData("#### 18 dollars in 3 days", "18")]
    [InlineData("####18.", "18")]
    [InlineData("#### 5\nNo, wait.\n#### 7", "7")]
    [InlineData("13 * 2 = $<<13*2=26>>26\nA: 26", "26")]
    [InlineData("A: 2,125\n", "2125")]
    [InlineData("The answer is 20.", "20")]
    [InlineData("The ANSWER is: **-20** eggs. It took 3 steps", "-20")]
    [InlineData("Final Answer:\n\n42", "42")]
    [InlineData("the answer is 5 * 3 = 15 eggs", "15")]
    [InlineData(@"\boxed{5} or rather \boxed{\$1{,}024\text{ dollars}}", "1024")]
    [InlineData(@"\boxed{\frac{1}{2}}, that is 50 cents", "1/2")]
    [InlineData(@"\boxed{x = 18}", "18")]
    [InlineData(@"so \boxed{18} and now \boxed{19", "18")]
    [InlineData("He pays $3.00 for 4 apples", "4")]
    [InlineData("That makes 2.5", "5/2")]
    [InlineData("It rose by 150%", "150%")]
    [InlineData("It fell to −7", "-7")]
    [InlineData("in x2 and B12 there are 3 and H20", "3")]
    [InlineData("10-3", "3")]
    [InlineData("3/4 of it", "3/4")]
    [InlineData("The answer is 7, not 5", "7")]
    [InlineData("The answer is 7. The answer is not 5.", "7")]
    [InlineData("The answer is not 5. So 6", "6")]
    [InlineData("1/0", "0")]
    [InlineData("version 1.2.3", "3")]
    public void The_gsm8k_grader_reads_the_answer(string completion, string extracted)
    {
        Assert.Equal(extracted, new Gsm8kGrader().Grade(Case("18"), completion).Extracted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("I do not know.")]
    [InlineData("I count 5. The answer is unknown")]
    [InlineData("#### none")]
    [InlineData("18 ####")]
    [InlineData("6 - 1 = 5. The answer is not 5.")]
    [InlineData(@"It is 3 and so \boxed{5")]
    public void The_gsm8k_grader_finds_no_answer_where_there_is_none(string completion)
    {
        Assert.Equal(new Verdict(false, null, "no number was found"), new Gsm8kGrader().Grade(Case("5"), completion));
    }

    [Theory]
    [InlineData("18", "#### 18.00", true)]
    [InlineData("2,125", "#### 2125", true)]
    [InlineData("2125", "#### 2,125", true)]
    [InlineData("20", "#### 20%", true)]
    [InlineData("0.2", "#### 20%", true)]
    [InlineData("18", "#### 18.0000000000000000000000000001", false)]
    [InlineData("18", "#### -18", false)]
    [InlineData("10000000000000000000000000000000000000001", "#### 10000000000000000000000000000000000000000", false)]
    public void Values_compare_exactly(string gold, string completion, bool correct)
    {
        Assert.Equal(correct, new Gsm8kGrader().Grade(Case(gold), completion).Correct);
    }

    [Theory]
    [InlineData(@"The solution is \boxed{\frac{\sqrt{3}}{2}}.", @"\frac{\sqrt{3}}{2}")]
    [InlineData(@"\boxed{\boxed{5}}", "5")]
    [InlineData(@"\boxed 7$", "7")]
    [InlineData(@"\boxed{\{1,2\}}", @"\{1,2\}")]
    [InlineData(@"The final answer is $\left( 3, \frac{\pi}{2} \right)$. I hope it is correct.", @"(3,\frac{\pi}{2})")]
    [InlineData("#### 3/6", "1/2")]
    [InlineData(@"We get \(x = 4\) and so \[ x^2 = 16 \]", @"x^2=16")]
    [InlineData("We get $x = 4$, so the sum is 9", "9")]
    [InlineData("The answer is 5, since $x=3$", "5")]
    [InlineData(@"\dfrac12", "1/2")]
    [InlineData("28 percent", "28%")]
    public void The_math_grader_reads_the_answer(string completion, string extracted)
    {
        Assert.Equal(extracted, new MathGrader().Grade(Case("18"), completion).Extracted);
    }

    [Theory]
    [InlineData(@"\frac{1}{2}", @"\boxed{0.5}")]
    [InlineData(@"\frac12", @"\boxed{\dfrac{1}{2}}")]
    [InlineData(@"1\frac{1}{2}", @"\boxed{\frac{3}{2}}")]
    [InlineData(@"-\frac{1}{2}", @"\boxed{\frac{-1}{2}}")]
    [InlineData("33.5\\%", @"\boxed{0.335}")]
    [InlineData("28", @"\boxed{28\%}")]
    [InlineData("10,000", @"\boxed{10000}")]
    [InlineData(@"\text{Evelyn}", @"\boxed{Evelyn}")]
    [InlineData(@"15\mbox{ cm}^2", @"\boxed{15}")]
    [InlineData("90^\\circ", @"\boxed{90}")]
    [InlineData(@"\left( 3, \frac{\pi}{2} \right)", @"\boxed{(3,\frac\pi2)}")]
    [InlineData("(1,4.5)", @"\boxed{(1,\frac{9}{2})}")]
    [InlineData("5", @"\boxed{x=5}")]
    [InlineData("x \\in [0,1)", @"\boxed{[0,1)}")]
    [InlineData(@"2\sqrt3", @"\boxed{2\sqrt{3}}")]
    [InlineData("x \\le 5", @"\boxed{x\leq 5}")]
    [InlineData("10", @"\boxed{x = 5 + 5 = 10}")]
    public void The_math_grader_takes_spellings_of_an_answer_for_the_same(string gold, string completion)
    {
        Assert.True(new MathGrader().Grade(Case(gold), completion).Correct);
    }

    [Theory]
    [InlineData("2", @"\boxed{2x}")]
    [InlineData("3", @"\boxed{3 \text{ or } 4}")]
    [InlineData("34", @"\boxed{3 4}")]
    [InlineData("[0,1)", @"\boxed{(0,1)}")]
    [InlineData("(1,2)", @"\boxed{(1,2,3)}")]
    [InlineData("0.33", @"\boxed{\frac{1}{3}}")]
    [InlineData("0", @"\boxed{\frac{0}{0}}")]
    [InlineData("5", @"\boxed{}")]
    [InlineData("5", "")]
    public void The_math_grader_tells_different_answers_apart(string gold, string completion)
    {
        Assert.False(new MathGrader().Grade(Case(gold), completion).Correct);
    }

    /// <summary>Texts of half a million characters that trap searches which start over: quadratic time would take minutes.</summary>
    [Theory]
    [InlineData(@"\boxed{")]
    [InlineData("{")]
    [InlineData("$")]
    [InlineData("$ ")]
    [InlineData(@"\(")]
    [InlineData("9")]
    [InlineData("1,")]
    [InlineData("1/")]
    [InlineData("####")]
    [InlineData("answer is ")]
    [InlineData(@"\frac")]
    [InlineData("-")]
    [InlineData("\\")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("(1,")]
    public void Hostile_texts_get_a_verdict_in_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 500_000 / part.Length));
        foreach (var completion in (string[])[text, @"\boxed{" + text + "}", "#### " + text, "the answer is $" + text + "$ 5"])
        {
            foreach (var name in Graders.Names.Where(name => name is not ("countdown" or "code")))
                Assert.NotNull(Graders.Get(name).Grade(Case(@"\frac{1}{2}"), completion));
        }
    }

    private static Problem Case(string gold) => new() { Id = "case", Prompt = "", Gold = gold, Raw = "{}" };
}
