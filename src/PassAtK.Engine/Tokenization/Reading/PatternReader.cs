using PassAtK.Engine.Tokenization.Patterns;

namespace PassAtK.Engine.Tokenization.Reading;

/// <summary>Reads `{"String": ...}` and `{"Regex": ...}`.</summary>
internal static class PatternReader
{
    public static IPattern Read(JsonField field)
    {
        field.AllowOnly("String", "Regex");
        if (field.TryGet("Regex", out var regex))
            return new RegexPattern(regex.Text(), regex.Name);
        var literal = field.Get("String");
        return literal.Text().Length > 0 ? new LiteralPattern(literal.Text()) : throw literal.Wrong("a text that is not empty");
    }
}
