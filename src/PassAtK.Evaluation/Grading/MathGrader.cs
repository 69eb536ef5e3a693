using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Competition mathematics. The answer of a text is, in this order: the last `\boxed{}`, what follows the last `answer is`, `answer:` or
/// line starting with `A:`, the line after the last `####`, the text itself where it is a bare expression, else the last formula or
/// number. Answers are equal as normalised texts, as exact numbers, or element by element as tuples and intervals.
/// </summary>
public sealed class MathGrader : IGrader
{
    /// <summary>Most characters of an answer; what is longer is no answer.</summary>
    public const int LongestAnswer = 2000;

    public string Name => "math";

    public int Version => 1;

    public Verdict Grade(Problem problem, string completion)
    {
        if (MathExtraction.Answer(completion) is not { } answer)
            return new Verdict(false, null, "no answer was found");
        if (answer.Length > LongestAnswer)
            return new Verdict(false, null, $"the answer is longer than {LongestAnswer} characters");
        var gold = MathExtraction.Answer(problem.Gold) ?? problem.Gold;
        var normalised = MathText.Normalise(answer);
        var correct = gold.Length <= LongestAnswer && MathEquality.AreEqual(MathText.Normalise(gold), normalised);
        return new Verdict(correct, MathNumber.Read(normalised)?.ToString() ?? normalised);
    }
}
