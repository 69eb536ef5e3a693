using System.Globalization;
using CsCheck;
using PassAtK.Evaluation.Grading;
using PassAtK.Evaluation.Grading.Mathematics;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Tests.Grading.Mathematics;

/// <summary>
/// Texts that no person would write: whatever they are, a comparison ends, is symmetric and reflexive, and gives the same again.
/// </summary>
public sealed class AnswerFuzzTests
{
    private static readonly string[] Pieces =
    [
        @"\frac", @"\sqrt", @"\sqrt[3]", @"\boxed", @"\text{ cm}", @"\text{or}", @"\left(", @"\right)", @"\begin{pmatrix}",
        @"\end{pmatrix}", @"\\", "&", @"\pi", @"\infty", @"\pm", @"\cup", @"\in", @"\le", @"\{", @"\}", @"^\circ", @"\%", @"\$",
        @"\sin", @"\log_", @"\binom", @"\overline{3}", @"\mathbb{R}", "{", "}", "(", ")", "[", "]", "|", "+", "-", "*", "/", "^",
        "_", "=", "<", ",", ";", ":", ".", "!", "%", "$", " ", "and", "or", "x", "y", "n", "e", "i", "f(x)", "ab", "cm", "percent",
        "million", "0", "1", "2", "7", "10", "0.5", "1,000", "10^{99}", "####", "answer is ", "\n", "½", "√", "²", "−", "\0",
        "\ud83d",
    ];

    private static Gen<string> Soup { get; } = Const(Pieces).Array[0, 14].Select(string.Concat);

    private static Gen<string> Expressions { get; } = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Const("x", "y", "2", "3", "0.5", @"\pi", "-1", "i")
        : Gen.OneOf(
            Const("x", "1", "7", @"\frac12", "10"),
            Gen.Select(inner, inner, (a, b) => $"{a}+{b}"),
            Gen.Select(inner, inner, (a, b) => $@"\left({a}\right)\left({b}\right)"),
            Gen.Select(inner, inner, (a, b) => $@"\frac{{{a}}}{{{b}}}"),
            inner.Select(a => $@"\sqrt{{{a}}}"),
            inner.Select(a => $"({a})^2"),
            Gen.Select(inner, inner, (a, b) => $"({a},{b})"),
            Gen.Select(inner, inner, (a, b) => $@"{a} \cup {b}"),
            Gen.Select(inner, inner, (a, b) => $"{a}={b}")));

    /// <summary>Seconds for each property where somebody fuzzes at length; -1 for the number of texts that each test states.</summary>
    private static int Seconds { get; } = Environment.GetEnvironmentVariable("PASSATK_FUZZ_SECONDS") is { Length: > 0 } seconds
        ? int.Parse(seconds, NumberStyles.None, CultureInfo.InvariantCulture)
        : -1;

    [Fact]
    public void Comparisons_of_any_texts_are_symmetric_and_repeatable() =>
        Gen.Select(Soup, Soup, Gen.Bool).Sample(Holds, iter: 20_000, time: Seconds);

    [Fact]
    public void Comparisons_of_expressions_are_symmetric_and_repeatable() =>
        Gen.Select(Expressions, Expressions, Gen.Bool).Sample(Holds, iter: 5_000, time: Seconds);

    [Fact]
    public void Every_text_equals_itself_and_itself_with_blanks() =>
        Gen.OneOf(Soup, Expressions).Where(text => text.Trim().Length > 0).Sample(
            text => AnswerComparison.Compare(text, text, strict: true).AreEqual
                && AnswerComparison.Compare(text, text + " ", strict: true).AreEqual,
            iter: 10_000, time: Seconds);

    [Fact]
    public void Every_expression_without_division_equals_itself_plus_nothing() =>
        Expressions.Where(text => text.AsSpan().IndexOfAny("=,∪") < 0 && !text.Contains("frac", StringComparison.Ordinal)
            && !text.Contains("cup", StringComparison.Ordinal)).Sample(
            text => AnswerComparison.Compare(text, $"0+{text}-0", strict: true) is var result && (result.AreEqual || result.Exhausted),
            iter: 5_000, time: Seconds);

    [Fact]
    public void Completions_of_any_text_get_the_same_verdict_again() =>
        Gen.Select(Soup, Soup, Gen.Bool).Sample(
            (gold, completion, strict) =>
            {
                var problem = new Problem { Id = "p", Prompt = "", Gold = gold, Raw = "{}" };
                var grader = new MathGrader(strict);
                return grader.Grade(problem, completion) == grader.Grade(problem, completion);
            },
            iter: 20_000, time: Seconds);

    /// <summary>Votes are counted by these texts and compared by them, so they have to say what the answer said.</summary>
    [Fact]
    public void The_canonical_text_of_an_expression_equals_it_and_is_its_own() =>
        Expressions.Sample(
            text =>
            {
                var canonical = CanonicalAnswer.Of(text);
                if (canonical.Length == 0)
                    return;
                Assert.Equal(canonical, CanonicalAnswer.Of(canonical));
                var result = AnswerComparison.Compare(text, canonical, strict: false);
                Assert.True(result.AreEqual || result.Exhausted, $"'{text}' is not '{canonical}'");
            },
            iter: 10_000, time: Seconds);

    [Fact]
    public void Answers_with_one_canonical_text_are_equal() =>
        Gen.Select(Expressions, Expressions).Sample(
            (left, right) =>
            {
                if (CanonicalAnswer.Of(left) == CanonicalAnswer.Of(right))
                {
                    var result = AnswerComparison.Compare(left, right, strict: false);
                    Assert.True(result.AreEqual || result.Exhausted, $"'{left}' is not '{right}'");
                }
            },
            iter: 10_000, time: Seconds);

    private static Gen<string> Const(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);

    private static bool Holds(string left, string right, bool strict)
    {
        var result = AnswerComparison.Compare(left, right, strict);
        return result == AnswerComparison.Compare(right, left, strict) && result == AnswerComparison.Compare(left, right, strict);
    }
}
