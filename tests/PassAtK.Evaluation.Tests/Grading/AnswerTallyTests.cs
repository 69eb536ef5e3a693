using PassAtK.Engine;
using PassAtK.Evaluation.Estimation;
using PassAtK.Evaluation.Grading;

namespace PassAtK.Evaluation.Tests.Grading;

public sealed class AnswerTallyTests
{
    [Fact]
    public void Answers_of_one_text_and_one_verdict_are_one_whatever_the_order_of_samples()
    {
        (string?, bool)[] samples = [("7", false), ("5", true), ("7", false), (null, false), ("5", true), ("5", true), ("6", false)];
        AnswerClass[] expected = [new("5", 3, true), new("7", 2, false), new("6", 1, false)];
        var random = new Random(4);
        for (var round = 0; round < 20; round++)
        {
            random.Shuffle(samples);
            var answers = Tally(new MathGrader(), samples);
            Assert.Equal(expected, answers.Classes);
            Assert.Equal((1, 7, 3), (answers.WithoutAnswer, answers.Samples, answers.Correct));
        }
    }

    [Theory]
    [InlineData(@"\log_2 8", "3")]
    [InlineData("x<2", "2>x")]
    [InlineData(@"\begin{pmatrix}1\\2\end{pmatrix}", "(1,2)")]
    [InlineData("3:4", "6:8")]
    [InlineData("1/3", "0.33333")]
    [InlineData("-1/3", "-0.33333")]
    public void Texts_that_differ_are_one_answer_where_the_grader_finds_them_equal(string often, string rarely)
    {
        var answers = Tally(new MathGrader(), (often, false), (rarely, false), (often, false));
        Assert.Equal([new AnswerClass(often, 3, false)], answers.Classes);
    }

    [Fact]
    public void What_the_grader_judged_differently_is_never_one_answer() =>
        Assert.Equal(2, Tally(new MathGrader(), ("90", true), ("90", false)).Classes.Count);

    [Fact]
    public void Equality_that_is_not_transitive_is_settled_by_the_most_frequent_text()
    {
        // 28% is 28 and is 0.28, which differ.
        Assert.Equal(
            [new AnswerClass("28%", 4, false)],
            Tally(new Gsm8kGrader(), ("28%", false), ("28%", false), ("28", false), ("7/25", false)).Classes);
        Assert.Equal(
            [new AnswerClass("28", 3, false), new AnswerClass("7/25", 1, false)],
            Tally(new Gsm8kGrader(), ("28%", false), ("28", false), ("28", false), ("7/25", false)).Classes);
    }

    [Fact]
    public void Comparisons_are_bounded_however_many_texts_there_are()
    {
        var grader = new CountingGrader();
        var tally = new AnswerTally(grader);
        for (var i = 0; i < 500; i++)
            tally.Add($"{i}", false);
        Assert.Equal(500, tally.Take("p").Classes.Count);
        Assert.Equal(AnswerTally.MostComparisons, grader.Comparisons);
    }

    [Fact]
    public void A_problem_starts_without_the_answers_of_the_one_before()
    {
        var tally = new AnswerTally(new ExactGrader());
        tally.Add("a", false);
        tally.Add(null, false);
        tally.Take("p0");
        Assert.Equal("problem 'p1' has no samples, expected at least 1.", Assert.Throws<InputException>(() => tally.Take("p1")).Message);
    }

    private static ProblemAnswers Tally(IGrader grader, params (string? Text, bool Correct)[] samples)
    {
        var tally = new AnswerTally(grader);
        foreach (var (text, correct) in samples)
            tally.Add(text, correct);
        return tally.Take("p");
    }

    private sealed class CountingGrader : IGrader
    {
        public int Comparisons { get; private set; }

        public string Name => "counting";

        public int Version => 1;

        public bool IsSameAnswer(string left, string right)
        {
            Comparisons++;
            return false;
        }

        public Verdict Grade(Evaluation.Tasks.Problem problem, string completion) => new(false, completion);
    }
}
