namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// GSM8K, grade-school word problems (Cobbe et al., arXiv 2110.14168), in the format of openai/grade-school-math: `question` and
/// `answer`, whose last line is `#### ` and the number.
/// </summary>
public sealed class Gsm8kTask(string file) : EvaluationTask(file)
{
    public override string Name => "gsm8k";

    public override string? DefaultGrader => "gsm8k";

    public override int DefaultMaxTokens => 1024;

    public override IReadOnlyList<string> PlainStop => ["\n\nQuestion:"];

    public override string PlainPrompt(Problem problem) =>
        "Solve the problem step by step. End with a line that holds \"####\" and the final answer, a single number.\n\n"
        + $"Question: {problem.Prompt}\nAnswer:";

    protected override string UserMessage(Problem problem) =>
        problem.Prompt + "\nPlease reason step by step, and put your final answer, a single number, within \\boxed{}.";

    private protected override Problem Read(JsonLine line, int position) => new()
    {
        Id = line.Has("id") ? line.TextOrNumber("id") : NumberedId(position),
        Prompt = line.RequiredText("question").Trim(),
        Gold = Gold(line),
        Chance = line.Chance(),
        Raw = line.Raw,
    };

    private static string Gold(JsonLine line)
    {
        const string Mark = "####";
        var answer = line.RequiredText("answer");
        var mark = answer.LastIndexOf(Mark, StringComparison.Ordinal);
        var gold = mark < 0 ? "" : answer[(mark + Mark.Length)..].Trim();
        return gold.Length > 0 ? gold : throw line.Bad("answer", "names no final answer", "a text that ends with '#### ' and a number");
    }
}
