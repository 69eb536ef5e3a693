using System.Text.Json;
using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// MBPP, short Python programs told in a sentence (Austin et al., arXiv 2108.07732), in the published format: `task_id`, `text` (`prompt`
/// in the sanitized file), `test_list`, and `test_setup_code` or `test_imports`. The model is shown the tests: without them it could not
/// know the function's name and arguments.
/// </summary>
public sealed class MbppTask(string file) : EvaluationTask(file)
{
    private const string TestsExpected = "an array of texts";

    public override string Name => "mbpp";

    public override string? DefaultGrader => "code";

    public override int DefaultMaxTokens => 1024;

    public override IReadOnlyList<string> PlainStop => ["\nclass", "\nassert", "\n\"\"\"", "\nprint", "\nif", "\n```"];

    /// <summary>A module that begins with its description, which a base model goes on to write.</summary>
    public override string PlainPrompt(Problem problem) => $"\"\"\"\n{problem.Prompt}\n{CodeGold.Of(problem).Test}\n\"\"\"\n";

    protected override string UserMessage(Problem problem) =>
        $"{problem.Prompt}\nThe code must pass these tests:\n\n```python\n{CodeGold.Of(problem).Test}\n```\n\n"
        + "Answer with the code alone, without the tests, in one ```python block.";

    private protected override Problem Read(JsonLine line, int position) => new()
    {
        Id = line.Has("task_id") ? $"mbpp-{line.TextOrNumber("task_id")}" : NumberedId(position),
        Prompt = (line.Has("text") ? line.RequiredText("text") : line.RequiredText("prompt")).Trim(),
        Gold = new CodeGold("", Setup(line), Texts(line, "test_list"), null).ToJson(),
        Chance = line.Chance(),
        Raw = line.Raw,
    };

    private static string Setup(JsonLine line) =>
        line.Has("test_imports") ? Texts(line, "test_imports", mayBeEmpty: true) : line.Has("test_setup_code") ? line.RequiredText("test_setup_code") : "";

    private static string Texts(JsonLine line, string field, bool mayBeEmpty = false)
    {
        var array = line.Required(field, TestsExpected);
        if (array.ValueKind != JsonValueKind.Array)
            throw line.Bad(field, $"is {JsonLine.Kind(array)}", TestsExpected);
        if (array.GetArrayLength() == 0 && !mayBeEmpty)
            throw line.Bad(field, "is empty", "at least one test");
        return string.Join('\n', array.EnumerateArray().Select(test => line.TextOf(test, field, TestsExpected)));
    }
}
