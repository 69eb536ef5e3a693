using System.Text.Json;
using PassAtK.Engine;

namespace PassAtK.Evaluation.Tasks;

/// <summary>One JSON object of a JSON Lines file; reads its fields and refuses bad ones by file, line number and field.</summary>
/// <param name="File">Path of the file.</param>
/// <param name="Number">Line number, from 1.</param>
/// <param name="Fields">The object.</param>
/// <param name="Raw">The object as written.</param>
internal readonly record struct JsonLine(string File, int Number, JsonElement Fields, string Raw)
{
    public bool Has(string field) => Fields.TryGetProperty(field, out _);

    public JsonElement Required(string field, string expected) =>
        Fields.TryGetProperty(field, out var value) ? value : throw Bad(field, "is missing", expected);

    public string RequiredText(string field) => TextOf(Required(field, "a text"), field);

    /// <summary>The text of a string, or the digits of a number as they are written.</summary>
    public string TextOrNumber(string field)
    {
        var value = Required(field, "a text or a number");
        return value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TextOf(value, field, "a text or a number");
    }

    public string TextOf(JsonElement value, string field, string expected = "a text")
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Bad(field, $"is {Kind(value)}", expected);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Bad(field, "holds half of a surrogate pair", "a text in Unicode");
        }
    }

    /// <summary>The field `chance`: a number in [0, 1], or null where it is absent.</summary>
    public double? Chance()
    {
        const string Expected = "a number from 0 to 1";
        if (!Fields.TryGetProperty("chance", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            throw Bad("chance", $"is {Kind(value)}", Expected);
        return value.TryGetDouble(out var chance) && chance is >= 0 and <= 1
            ? chance
            : throw Bad("chance", $"is {value.GetRawText()}", Expected);
    }

    /// <summary>The sentence for a bad field: `FILE, line 3: field 'id' is missing, expected a text.`</summary>
    public InputException Bad(string field, string found, string expected) =>
        new($"{File}, line {Number}: field '{field}' {found}, expected {expected}.");

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "null",
    };
}
