using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// Python functions to complete, in the format of HumanEval (Chen et al., arXiv 2107.03374): `prompt`, the code up to the function's body;
/// `test`, which defines `check` or asserts; `entry_point`, the function's name; `task_id` or `id`. Two names have this format: `humaneval`
/// and `code` for files of one's own.
/// </summary>
public sealed class FunctionTask(string name, string file) : EvaluationTask(file)
{
    public override string Name => name;

    public override string? DefaultGrader => "code";

    public override int DefaultMaxTokens => 1024;

    /// <summary>A line that begins at the margin is no more the function's body.</summary>
    public override IReadOnlyList<string> PlainStop => ["\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\n```"];

    protected override string UserMessage(Problem problem) =>
        "Complete this Python function. Answer with the whole function, its imports included, in one ```python block.\n\n"
        + $"```python\n{problem.Prompt.TrimEnd()}\n```";

    private protected override Problem Read(JsonLine line, int position)
    {
        var gold = new CodeGold(line.RequiredText("prompt"), "", line.RequiredText("test"), line.RequiredText("entry_point"));
        if (!PythonName.IsValid(gold.EntryPoint))
            throw line.Bad("entry_point", $"is '{gold.EntryPoint}'", "the name of a Python function");
        return new Problem
        {
            Id = line.Has("task_id") ? line.TextOrNumber("task_id") : line.Has("id") ? line.TextOrNumber("id") : NumberedId(position),
            Prompt = gold.Prompt,
            Gold = gold.ToJson(),
            Chance = line.Chance(),
            Raw = line.Raw,
        };
    }
}
