using System.Text.Json;

namespace PassAtK.Engine.ChatTemplates;

/// <summary>
/// One turn of a conversation. <paramref name="Role"/> is what templates know: `system`, `user`, `assistant`, `tool`.
/// </summary>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>Further fields (`tool_calls`, `reasoning_content`, ...); one named `role` or `content` replaces the text above.</summary>
    public IReadOnlyList<KeyValuePair<string, TemplateValue>> Fields { get; init; } = [];

    /// <summary>
    /// A message as chat APIs write it: an object with `role`, usually `content` (a string, null, or a list of parts), and any other
    /// fields. Fields keep their order and their absence.
    /// </summary>
    /// <exception cref="InputException">No object, or no string `role`.</exception>
    public static ChatMessage FromJson(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new InputException($"A chat message is a JSON {json.ValueKind}, expected an object with 'role' and 'content'.");
        var whole = (DictValue)TemplateValue.FromJson(json);
        if (whole.Find("role") is not StringValue role)
            throw new InputException("A chat message has no string 'role'.");
        return new ChatMessage(role.Value, (whole.Find("content") as StringValue)?.Value ?? "") { Whole = whole };
    }

    /// <summary>The JSON object that the message came from; it knows fields' order and absence.</summary>
    private TemplateValue? Whole { get; init; }

    /// <summary>The dict that a template sees.</summary>
    internal TemplateValue ToValue() => Whole ?? TemplateValue.Map(
        [KeyValuePair.Create("role", TemplateValue.Text(Role)), KeyValuePair.Create("content", TemplateValue.Text(Content)), .. Fields]);
}
