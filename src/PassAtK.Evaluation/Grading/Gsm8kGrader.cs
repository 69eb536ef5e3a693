using PassAtK.Engine;
using PassAtK.Evaluation.Grading.Mathematics;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Grade-school word problems whose answer is a number. The answer of a text is, in this order: the last `\boxed{}`, the line after the
/// last `####`, what follows the last `answer is`, `answer:` or line starting with `A:`, else the last number; none where the text ends
/// within its only box. Of what follows a mark, the
/// first number after the last equals sign counts; a mark without a number is no answer. Values compare exactly.
/// </summary>
public sealed class Gsm8kGrader : IGrader
{
    public string Name => "gsm8k";

    public int Version => 5;

    /// <summary>28% is 28 as well as 0.28.</summary>
    public bool IsSameAnswer(string left, string right) =>
        left == right
        || (left.EndsWith('%') != right.EndsWith('%')
            && MathNumber.Read(left) is { } one && MathNumber.Read(right) is { } two && ExactNumber.AreEqual(one, two));

    public Verdict Grade(Problem problem, string completion)
    {
        if (Extract(problem.Gold) is not { } gold)
        {
            throw new InputException(
                $"problem '{problem.Id}': the gold answer '{problem.Gold}' holds no number, which the gsm8k grader needs.");
        }
        if (Extract(completion) is not { } answer)
            return new Verdict(false, null, "no number was found");
        return new Verdict(ExactNumber.AreEqual(answer, gold), answer.ToString());
    }

    private static ExactNumber? Extract(string text)
    {
        if (BoxedAnswers.LastOne(text) is { } boxed)
        {
            var content = MathText.Normalise(boxed);
            return MathNumber.Read(content) ?? AfterLastEquals(content);
        }
        if (FinalAnswerPhrase.AfterHashes(text) is { } hashed)
            return AfterLastEquals(hashed);
        if (BoxedAnswers.IsCutOff(text))
            return null;
        return FinalAnswerPhrase.AfterWords(text) is { } marked
            ? AfterLastEquals(marked)
            : NumberScanner.Last(FinalAnswerPhrase.AfterDenial(text))?.Value;
    }

    private static ExactNumber? AfterLastEquals(ReadOnlySpan<char> text) =>
        NumberScanner.First(text[(text.LastIndexOf('=') + 1)..]) ?? NumberScanner.First(text);
}
