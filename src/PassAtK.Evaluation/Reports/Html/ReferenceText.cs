using System.Text.Json;

namespace PassAtK.Evaluation.Reports.Html;

/// <summary>
/// A reference answer as people read it. Some tasks keep what a grader needs as a JSON object (countdown: numbers and target; programs:
/// setup and tests); that becomes a line or a block for each field. Everything else is shown as it is.
/// </summary>
internal static class ReferenceText
{
    public static string Of(string gold)
    {
        if (!gold.StartsWith('{'))
            return gold;
        try
        {
            using var document = JsonDocument.Parse(gold);
            return string.Join('\n', document.RootElement.EnumerateObject().Select(Field).OfType<string>());
        }
        catch (Exception plain) when (plain is JsonException or InvalidOperationException)
        {
            // A set such as {1, 2}, or half of a surrogate pair.
            return gold;
        }
    }

    private static string? Field(JsonProperty field)
    {
        var text = field.Value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => field.Value.GetString()!,
            JsonValueKind.Array when field.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
                string.Join(", ", field.Value.EnumerateArray().Select(item => item.GetRawText())),
            _ => field.Value.GetRawText(),
        };
        return text.Length == 0 ? null
            : text.Contains('\n', StringComparison.Ordinal) ? $"{field.Name}:\n{text.TrimEnd()}"
            : $"{field.Name}: {text}";
    }
}
