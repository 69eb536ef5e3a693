using System.Text.Json;

namespace PassAtK.Evaluation.Tasks;

/// <summary>
/// Problems of one's own: `id`, `prompt` (or `messages`, an array of `{"role", "content"}`), `answer` (a text, a number, or JSON for
/// a grader that reads it), and optionally `chance`. Prompts are used as they are; which grader fits only the person knows.
/// </summary>
public sealed class JsonlTask(string file) : EvaluationTask(file)
{
    private const string MessagesExpected = "an array of objects with the texts 'role' and 'content'";

    public override string Name => "jsonl";

    public override string Spec => File;

    public override string? DefaultGrader => null;

    public override int DefaultMaxTokens => 1024;

    protected override string UserMessage(Problem problem) => problem.Prompt;

    private protected override Problem Read(JsonLine line, int position)
    {
        var messages = line.Has("messages") ? Messages(line) : null;
        return new Problem
        {
            Id = line.TextOrNumber("id"),
            Prompt = line.Has("prompt") || messages is null ? line.RequiredText("prompt") : LastUserMessage(messages),
            Messages = messages,
            Gold = Gold(line),
            Chance = line.Chance(),
            Raw = line.Raw,
        };
    }

    private static string Gold(JsonLine line)
    {
        var answer = line.Required("answer", "a text, a number or JSON");
        return answer.ValueKind switch
        {
            JsonValueKind.String => line.TextOf(answer, "answer"),
            JsonValueKind.Null => throw line.Bad("answer", "is null", "a text, a number or JSON"),
            _ => answer.GetRawText(),
        };
    }

    private static List<ChatMessage> Messages(JsonLine line)
    {
        var array = line.Required("messages", MessagesExpected);
        if (array.ValueKind != JsonValueKind.Array)
            throw line.Bad("messages", $"is {JsonLine.Kind(array)}", MessagesExpected);
        if (array.GetArrayLength() == 0)
            throw line.Bad("messages", "is empty", MessagesExpected);
        var messages = new List<ChatMessage>();
        foreach (var message in array.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object)
                throw line.Bad("messages", $"holds {JsonLine.Kind(message)}", MessagesExpected);
            messages.Add(new ChatMessage(Part(line, message, "role"), Part(line, message, "content")));
        }
        return messages;
    }

    private static string Part(JsonLine line, JsonElement message, string part) =>
        message.TryGetProperty(part, out var value)
            ? line.TextOf(value, $"messages.{part}")
            : throw line.Bad("messages", $"holds a message without '{part}'", MessagesExpected);

    private static string LastUserMessage(List<ChatMessage> messages) =>
        messages.FindLast(message => message.Role == "user")?.Content ?? messages[^1].Content;
}
