using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PassAtK.Engine.Tokenization;

/// <summary>A value in a JSON file that knows where it stands, so that a wrong one can be named: file, field, what was found.</summary>
internal readonly struct JsonField
{
    private const int LongestExcerpt = 60;
    private const int NoIndex = -1;

    // A vocabulary has many thousands of fields: where one stands is put together when it is asked for.
    private readonly string _file;
    private readonly string _parent;
    private readonly string _name;
    private readonly int _index;

    /// <summary>The whole of a file.</summary>
    public JsonField(string file, JsonElement root)
        : this(file, "", "", NoIndex, root)
    {
    }

    private JsonField(string file, string parent, string name, int index, JsonElement value) =>
        (_file, _parent, _name, _index, Value) = (file, parent, name, index, value);

    public JsonElement Value { get; }

    /// <summary>File and field, as sentences begin: `folder/tokenizer.json: model.vocab`.</summary>
    public string Name => Path.Length == 0 ? _file : $"{_file}: {Path}";

    private string Path => _index != NoIndex ? $"{_parent}[{_index}]" : _parent.Length == 0 ? _name : $"{_parent}.{_name}";

    /// <summary>Opens a JSON file; an unreadable one is refused with its line.</summary>
    public static JsonDocument Open(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException cause)
        {
            throw new InputException($"{file}: line {cause.LineNumber + 1} is not valid JSON.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file} cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>Refuses fields of an object that are not among the known ones.</summary>
    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        RequireKind(JsonValueKind.Object, "an object");
        foreach (var property in Value.EnumerateObject())
        {
            var name = NameOf(property);
            if (!known.Contains(name))
                throw Child(name, property.Value).Unknown("field", known);
        }
    }

    /// <summary>A field of this object, unless it is absent or null.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out JsonField field)
    {
        RequireKind(JsonValueKind.Object, "an object");
        field = default;
        if (!Value.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null)
            return false;
        field = Child(name, element);
        return true;
    }

    public JsonField Get(string name) =>
        TryGet(name, out var field) ? field : throw new InputException($"{Name} lacks the field '{name}'.");

    public IEnumerable<JsonField> Items()
    {
        RequireKind(JsonValueKind.Array, "an array");
        var (path, index) = (Path, 0);
        foreach (var item in Value.EnumerateArray())
            yield return new JsonField(_file, path, "", index++, item);
    }

    public IEnumerable<(string Name, JsonField Field)> Fields()
    {
        RequireKind(JsonValueKind.Object, "an object");
        var path = Path;
        foreach (var property in Value.EnumerateObject())
        {
            var name = NameOf(property);
            yield return (name, new JsonField(_file, path, name, NoIndex, property.Value));
        }
    }

    public string Text()
    {
        RequireKind(JsonValueKind.String, "a text");
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException cause)
        {
            throw new InputException($"{Name} has half a surrogate pair, expected a text.", cause);
        }
    }

    /// <summary>A text of exactly one UTF-16 unit.</summary>
    public char Character() => Text() is [var only] ? only : throw Wrong("one character");

    public bool Flag() =>
        Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Wrong("true or false");

    public int Number(int most) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= 0 && number <= most
            ? number
            : throw Wrong($"a whole number from 0 to {most}");

    public string? OptionalText(string name) => TryGet(name, out var field) ? field.Text() : null;

    public bool OptionalFlag(string name, bool otherwise) => TryGet(name, out var field) ? field.Flag() : otherwise;

    public InputException Wrong(string expected) => new($"{Name} is {Excerpt()}, expected {expected}.");

    public InputException Unknown(string what, ReadOnlySpan<string> known) =>
        new($"{Name} is {Excerpt()}, an unknown {what}; known are {string.Join(", ", known.ToArray())}.");

    public void RequireKind(JsonValueKind kind, string expected)
    {
        if (Value.ValueKind != kind)
            throw Wrong(expected);
    }

    private JsonField Child(string name, JsonElement element) => new(_file, Path, name, NoIndex, element);

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException cause)
        {
            throw new InputException($"{Name} has a field whose name has half a surrogate pair.", cause);
        }
    }

    private string Excerpt()
    {
        var text = Value.ValueKind == JsonValueKind.Undefined ? "absent" : Value.GetRawText();
        return text.Length <= LongestExcerpt ? text.ReplaceLineEndings(" ") : text[..LongestExcerpt].ReplaceLineEndings(" ") + "...";
    }
}
