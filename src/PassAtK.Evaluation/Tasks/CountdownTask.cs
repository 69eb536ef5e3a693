using System.Text.Json;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// Countdown: reach a target with every number used exactly once. Lines hold `id`, `numbers`, `target`, `prompt` and optionally
/// `chance`, that of a random walk over legal steps (docs/statistics.md). The gold is `{"numbers":[...],"target":...}`.
/// </summary>
public sealed class CountdownTask(string file) : EvaluationTask(file)
{
    /// <summary>Most numbers of a problem.</summary>
    public const int MostNumbers = 64;

    public override string Name => "countdown";

    public override string? DefaultGrader => "countdown";

    /// <summary>Six steps such as `400/20=20,` and the end-of-sequence token fit.</summary>
    public override int DefaultMaxTokens => 64;

    protected override string UserMessage(Problem problem) =>
        problem.Prompt
        + "\nThe line above gives some numbers and, after '>', a target. Reach the target with +, -, * and /, using every number exactly once. "
        + "Each step takes two numbers that are left and puts their result, a whole number of at least 0, in their place. "
        + "Answer with the steps alone, separated by commas, like 11-6=5,11*5=55,55-2=53";

    private protected override Problem Read(JsonLine line, int position) => new()
    {
        Id = line.Has("id") ? line.TextOrNumber("id") : NumberedId(position),
        Prompt = line.RequiredText("prompt"),
        Gold = Gold(line),
        Chance = line.Chance(),
        Raw = line.Raw,
    };

    private static string Gold(JsonLine line)
    {
        var numbers = line.Required("numbers", "an array of whole numbers");
        if (numbers.ValueKind != JsonValueKind.Array)
            throw line.Bad("numbers", $"is {JsonLine.Kind(numbers)}", "an array of whole numbers");
        if (numbers.GetArrayLength() is < 2 or > MostNumbers)
            throw line.Bad("numbers", $"has {numbers.GetArrayLength()} numbers", $"2 to {MostNumbers}");
        var all = string.Join(',', numbers.EnumerateArray().Select(number => Whole(line, "numbers", number)));
        return $$"""{"numbers":[{{all}}],"target":{{Whole(line, "target", line.Required("target", "a whole number"))}}}""";
    }

    private static int Whole(JsonLine line, string field, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw line.Bad(field, $"holds {Shortened(value.GetRawText())}", "whole numbers from 0 to 2147483647");

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
