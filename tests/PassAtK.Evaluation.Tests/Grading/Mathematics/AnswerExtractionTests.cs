using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Grading.Mathematics;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Tests.Grading.Mathematics;

public sealed class AnswerExtractionTests
{
    [Theory]
    [InlineData(@"\boxed{1} then \boxed{2}", "2")]
    [InlineData(@"so \boxed{1} and \boxed{2}", "1, 2")]
    [InlineData(@"\boxed{1}, \boxed{2}, \boxed{3}", "1, 2, 3")]
    [InlineData(@"$\boxed{(3, 3)} \text{ for part (a) and } \boxed{(1, 1)}$", "(3, 3), (1, 1)")]
    [InlineData(@"\boxed{5}. Again, and finally: \boxed{5}", "5")]
    [InlineData(@"\boxed{1} or else and otherwise or \boxed{2}", "2")]
    [InlineData("\\boxed{1} and\n\\boxed{2}", "2")]
    [InlineData(@"\\boxed{\\frac{1}{2}}", @"\\frac{1}{2}")]
    [InlineData("\boxed{7}", "7")]
    [InlineData(@"\boxed{\text{a } \boxed{5}}", "5")]
    [InlineData(@"\boxed{5} or \boxed{6", "5")]
    [InlineData(@"\boxed{\{1,2\}}", @"\{1,2\}")]
    [InlineData(@"The final answer is $\$36$. I hope", @"$\$36$")]
    [InlineData("#### 5\nso the answer is 6.", "6")]
    [InlineData("the answer is 5\n#### 6", "5")]
    [InlineData("$1$ and $2$ and $3$", "$1$ and $2$ and $3$")]
    [InlineData("Answer \\(\n9\n\\)", null)]
    [InlineData("We get \\(9\\)\nat last", "9")]
    [InlineData("It is 5, see [1]", "5")]
    [InlineData("Évelyn", "Évelyn")]
    [InlineData("no idea at all", null)]
    [InlineData("The answer is 10:30 a.m.", "10:30 am")]
    [InlineData("The answer is 10:30 a.m. The train is late.", "10:30 am")]
    [InlineData("The answer is 9:05 P. M.", "9:05 pm")]
    [InlineData("The answer is 5 a.m", "5 am")]
    [InlineData("The answer is 3/4, not 4/3", "3/4")]
    [InlineData("The answer is 3/4, and not $4/3$.", "3/4")]
    [InlineData("The answer is 5 (not 6)", "5")]
    [InlineData("The answer is 12 not 13.", "12")]
    [InlineData(@"The answer is \(x = 2\), not \(x = 3\)", @"\(x = 2\)")]
    [InlineData("The answer is not 5", null)]
    [InlineData("We tried 5. The answer is not 5.", null)]
    [InlineData("The answer is not $\\frac{1}{2}$.", null)]
    [InlineData("The answer is not 5. It must be 7", "7")]
    [InlineData("The answer is 7. So the answer is not 5.", "7")]
    [InlineData("I think the answer is not 5. The answer is 7.", "7")]
    [InlineData("The answer is not 5 but 7", "7")]
    [InlineData("The answer is not 5, but rather 7.", "7")]
    [InlineData("The answer is not unique", "not unique")]
    [InlineData("The answer is not a square", "not a square")]
    [InlineData(@"So x = 3, and the answer is \boxed{5", null)]
    [InlineData(@"So x = 3, and the answer is \boxed {5", null)]
    [InlineData(@"So we get $\boxed{\frac{1}{2}", null)]
    [InlineData(@"So we get $\boxed{5$.", @"\boxed{5")]
    [InlineData("\\boxed{5\nso the answer is 5", "5")]
    [InlineData("#### 4\nor \\boxed{5", "4")]
    public void The_answer_of_a_completion_is_found(string completion, string? answer) =>
        Assert.Equal(answer, AnswerExtraction.OfCompletion(completion));

    [Theory]
    [InlineData("odd $n$", "odd $n$")]
    [InlineData(@"So $x=2$, that is \[\boxed{2}\]", "2")]
    [InlineData("16 - 3 = 13\n#### 13", "13")]
    [InlineData("First\nthen $x=4$", "x=4")]
    [InlineData("10:30 a.m.", "10:30 am")]
    public void A_short_gold_is_meant_as_it_stands(string gold, string answer) => Assert.Equal(answer, AnswerExtraction.OfGold(gold));

    [Theory]
    [InlineData("C", 'C')]
    [InlineData(@"\text{(C)}", 'C')]
    [InlineData("(D) Alina", 'D')]
    [InlineData("C Cecile", 'C')]
    [InlineData("B. 15", 'B')]
    [InlineData("X", null)]
    [InlineData("AB", null)]
    [InlineData("C + 1", null)]
    public void A_gold_of_multiple_choice_has_a_letter(string gold, char? letter) => Assert.Equal(letter, ChoiceAnswer.Letter(gold));

    [Theory]
    [InlineData("It is not A because of that, therefore I think it's B", 'B')]
    [InlineData("(C) since it is.", 'C')]
    [InlineData(@"\boxed{\text{(E)}}", 'E')]
    [InlineData(@"\boxed{B + C}", null)]
    [InlineData("The answer is (D).", 'D')]
    [InlineData("A cat sat.", null)]
    [InlineData("B。不是 A", 'B')]
    [InlineData("It is B that I would choose.", 'B')]
    [InlineData("B looks right, but the answer is not B.", null)]
    [InlineData("The answer is C, not B.", 'C')]
    [InlineData(@"It is B, so \boxed{C", null)]
    public void A_completion_chooses_a_letter(string completion, char? letter) => Assert.Equal(letter, ChoiceAnswer.Chosen(completion));

    [Theory]
    [InlineData("10:30", "The answer is 10:30 a.m.", true)]
    [InlineData("10:30 a.m.", "The answer is 10:30 AM.", true)]
    [InlineData(@"10:30\text{ p.m.}", @"\boxed{10:30 \text{ a.m.}}", false)]
    [InlineData(@"10:30\text{ p.m.}", @"\boxed{10:30~\mathrm{PM}}", true)]
    [InlineData("10:30 p.m.", "The answer is 10:30 a.m.", false)]
    [InlineData("3/4", "The answer is 3/4, not 4/3", true)]
    [InlineData("4/3", "The answer is 3/4, not 4/3", false)]
    [InlineData("5", "The answer is not 5", false)]
    public void Times_of_day_and_denials_are_judged_as_they_are_meant(string gold, string completion, bool correct) => Assert.Equal(
        correct, new MathGrader().Grade(new Problem { Id = "p", Prompt = "", Gold = gold, Raw = "" }, completion).Correct);

    [Fact]
    public void Any_number_of_denials_takes_linear_time()
    {
        var text = string.Concat(Enumerable.Repeat("The answer is not 5. ", 20_000));
        Assert.Null(AnswerExtraction.OfCompletion(text));
        Assert.Equal("7", AnswerExtraction.OfCompletion(text + "The answer is 7."));
    }
}
