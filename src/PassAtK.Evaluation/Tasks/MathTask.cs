using PassAtK.Evaluation.Grading.Mathematics;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// MATH, competition problems (Hendrycks et al., arXiv 2103.03874), in the format of MATH-500: `problem`, `answer`, `solution`,
/// `unique_id`. Where `answer` is absent, the gold is the last `\boxed{}` of `solution`.
/// </summary>
public sealed class MathTask(string file) : EvaluationTask(file)
{
    public override string Name => "math";

    public override string? DefaultGrader => "math";

    public override int DefaultMaxTokens => 4096;

    public override IReadOnlyList<string> PlainStop => ["\n\nQuestion:"];

    public override string PlainPrompt(Problem problem) =>
        $"Solve the problem step by step. Put the final answer within \\boxed{{}}.\n\nQuestion: {problem.Prompt}\nAnswer:";

    protected override string UserMessage(Problem problem) =>
        problem.Prompt + "\nPlease reason step by step, and put your final answer within \\boxed{}.";

    private protected override Problem Read(JsonLine line, int position) => new()
    {
        Id = line.Has("unique_id") ? line.TextOrNumber("unique_id") : line.Has("id") ? line.TextOrNumber("id") : NumberedId(position),
        Prompt = line.RequiredText("problem").Trim(),
        Gold = Gold(line),
        Chance = line.Chance(),
        Raw = line.Raw,
    };

    private static string Gold(JsonLine line)
    {
        if (line.Has("answer") || !line.Has("solution"))
        {
            var answer = line.TextOrNumber("answer").Trim();
            return answer.Length > 0 ? answer : throw line.Bad("answer", "is empty", "the final answer");
        }
        return BoxedAnswers.Last(line.RequiredText("solution"))?.Trim() is { Length: > 0 } boxed
            ? boxed
            : throw line.Bad("solution", "holds no \\boxed{} answer", "one, as field 'answer' is missing");
    }
}
