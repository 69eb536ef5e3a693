using System.Text.Json;

namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// Typed, range-checked access to the fields of a JSON object. A field that is null counts as absent, as it does for transformers.
/// Every method throws <see cref="InputException"/> naming file, field, what was found and what was expected.
/// </summary>
internal sealed class JsonFields(string file, JsonElement json, string prefix = "")
{
    private const int ShownLength = 100;

    public string File => file;

    public IEnumerable<string> PresentNames =>
        json.EnumerateObject().Where(pair => pair.Value.ValueKind != JsonValueKind.Null).Select(pair => pair.Name);

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The field is there, be it as null.</summary>
    public bool Mentions(string name) => json.TryGetProperty(name, out _);

    public int Integer(string name, int least, int most)
    {
        var expected = $"an integer from {least} to {most}";
        return RequiredElement(name, expected) is { ValueKind: JsonValueKind.Number } value
            && value.TryGetInt32(out var integer) && integer >= least && integer <= most
                ? integer
                : throw Unexpected(name, expected);
    }

    public int Integer(string name, int least, int most, int fallback) => Has(name) ? Integer(name, least, most) : fallback;

    public double Number(string name, double least, double most)
    {
        var expected = $"a number from {least} to {most}";
        return RequiredElement(name, expected) is { ValueKind: JsonValueKind.Number } value
            && value.TryGetDouble(out var number) && number >= least && number <= most
                ? number
                : throw Unexpected(name, expected);
    }

    public double Number(string name, double least, double most, double fallback) => Has(name) ? Number(name, least, most) : fallback;

    public bool Flag(string name, bool fallback) => Find(name) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Unexpected(name, "true or false"),
    };

    public string Text(string name) =>
        RequiredElement(name, "a string") is { ValueKind: JsonValueKind.String } value
            ? Decode(name, value)
            : throw Unexpected(name, "a string");

    public IReadOnlyList<string> Texts(string name)
    {
        const string Expected = "an array of strings";
        if (RequiredElement(name, Expected) is not { ValueKind: JsonValueKind.Array } array
            || array.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            throw Unexpected(name, Expected);
        return [.. array.EnumerateArray().Select(item => Decode(name, item))];
    }

    /// <summary>One integer, or an array of them.</summary>
    public IReadOnlyList<int> Integers(string name, int least, int most)
    {
        var expected = $"an integer from {least} to {most}, or an array of them";
        var value = RequiredElement(name, expected);
        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
        return [.. items.Select(item => item.ValueKind == JsonValueKind.Number
            && item.TryGetInt32(out var integer) && integer >= least && integer <= most
                ? integer
                : throw Unexpected(name, expected))];
    }

    public JsonFields? Object(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new JsonFields(file, value, $"{prefix}{name}."),
        _ => throw Unexpected(name, "an object"),
    };

    /// <summary>The complaint about a field, for the caller to throw.</summary>
    public InputException Unexpected(string name, string expected)
    {
        if (Find(name) is not { } value)
            return new InputException($"{file}: field '{prefix}{name}' is missing, expected {expected}.");
        var found = value.GetRawText();
        if (found.Length > ShownLength)
            found = $"{found.AsSpan(0, ShownLength)}...";
        return new InputException($"{file}: field '{prefix}{name}' is {found.ReplaceLineEndings(" ")}, expected {expected}.");
    }

    private JsonElement? Find(string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private JsonElement RequiredElement(string name, string expected) => Find(name) ?? throw Unexpected(name, expected);

    private string Decode(string name, JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Unexpected(name, "valid Unicode (this holds half a surrogate pair)");
        }
    }
}
