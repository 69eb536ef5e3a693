using System.Text.Json;
using PassAtK.Evaluation.Grading.Mathematics;
using PassAtK.Evaluation.Tasks;

namespace PassAtK.Evaluation.Grading;

/// <summary>
/// Competition mathematics. The answer of a text is, in this order: the last `\boxed{}`, what follows the last `answer is`, `answer:` or
/// line starting with `A:`, the line after the last `####`, the text itself where it reads as an answer, else the last formula or
/// number. Answers are compared as mathematics; docs/graders.md states the rules. A gold that is a JSON array of texts lists several
/// right answers.
/// </summary>
/// <param name="strict">Only exact equality: no rounded decimals, dropped percent signs, units or names, lists in order.</param>
public sealed class MathGrader(bool strict = false) : IGrader
{
    /// <summary>Most characters of an answer; what is longer is no answer.</summary>
    public const int LongestAnswer = 2000;

    /// <summary>Units of work for one comparison of two samples' answers.</summary>
    private const long VoteBudget = 200_000;

    public string Name => strict ? "math-strict" : "math";

    public int Version => 5;

    /// <summary>As a completion and a gold are compared, within a smaller budget of work.</summary>
    public bool IsSameAnswer(string left, string right) =>
        left == right
        || (!(IsPlain(left) && IsPlain(right)) && AnswerComparison.Compare(left, right, strict, VoteBudget).AreEqual);

    public Verdict Grade(Problem problem, string completion)
    {
        var golds = Golds(problem.Gold);
        if (golds.Exists(gold => gold.AsSpan().Trim().SequenceEqual(completion.AsSpan().Trim()) && gold.Length <= LongestAnswer))
            return new Verdict(true, CanonicalAnswer.Of(AnswerExtraction.OfGold(completion)));
        if (golds.Exists(gold => ChoiceAnswer.Letter(gold) is { } letter && ChoiceAnswer.Chosen(completion) == letter))
            return new Verdict(true, ChoiceAnswer.Chosen(completion).ToString());
        if (AnswerExtraction.OfCompletion(completion) is not { } answer)
            return new Verdict(false, null, "no answer was found");
        if (answer.Length > LongestAnswer)
            return new Verdict(false, null, $"the answer is longer than {LongestAnswer} characters");
        var exhausted = false;
        var correct = false;
        foreach (var gold in golds)
        {
            var result = gold.Length > LongestAnswer ? default : AnswerComparison.Compare(AnswerExtraction.OfGold(gold), answer, strict);
            correct |= result.AreEqual;
            exhausted |= result.Exhausted;
        }
        return new Verdict(correct, CanonicalAnswer.Of(answer), exhausted && !correct ? "the comparison exceeds its budget of work" : null);
    }

    /// <summary>A whole number or a fraction in lowest terms: canonical texts that are equal only where they are the same.</summary>
    private static bool IsPlain(string text) => text.All(character => char.IsAsciiDigit(character) || character is '-' or '/');

    /// <summary>The texts of a JSON array; else the gold itself, as `[1,2]` is an interval.</summary>
    private static List<string> Golds(string gold)
    {
        if (!gold.StartsWith("[\"", StringComparison.Ordinal))
            return [gold];
        try
        {
            using var document = JsonDocument.Parse(gold);
            var golds = new List<string>();
            foreach (var item in document.RootElement.EnumerateArray())
                golds.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText());
            return golds;
        }
        catch (JsonException)
        {
            return [gold];
        }
    }
}
