using System.Text.Json;

namespace PassAtK.Engine.Tokenization;

/// <summary>
/// What `tokenizer_config.json` says that a prompt needs; all null where the file is absent. Its other fields steer a Python library
/// around the tokenizer and are not looked at: whether a beginning-of-sequence token is added, for one, is for `tokenizer.json` to say.
/// </summary>
/// <param name="BosToken">Text of the token that begins a sequence.</param>
/// <param name="EosToken">Text of the token that ends a sequence.</param>
/// <param name="PadToken">Text of the padding token.</param>
/// <param name="UnkToken">Text of the unknown token.</param>
/// <param name="ChatTemplate">
/// Jinja source: `chat_template.jinja` where there is one, else `chat_template`, of a list the one named "default".
/// </param>
internal sealed record TokenizerConfig(string? BosToken, string? EosToken, string? PadToken, string? UnkToken, string? ChatTemplate)
{
    /// <exception cref="InputException">A file that cannot be read, or a field that is neither text nor token.</exception>
    public static TokenizerConfig Load(string folder)
    {
        var jinja = ReadJinja(Path.Combine(folder, "chat_template.jinja"));
        var file = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(file))
            return new TokenizerConfig(null, null, null, null, jinja);
        using var document = JsonField.Open(file);
        var root = new JsonField(file, document.RootElement);
        return new TokenizerConfig(
            TokenText(root, "bos_token"),
            TokenText(root, "eos_token"),
            TokenText(root, "pad_token"),
            TokenText(root, "unk_token"),
            jinja ?? Template(root));
    }

    private static string? ReadJinja(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file} cannot be read: {cause.Message}", cause);
        }
    }

    private static string? TokenText(JsonField root, string name)
    {
        if (!root.TryGet(name, out var field))
            return null;
        return field.Value.ValueKind == JsonValueKind.Object ? field.Get("content").Text() : field.Text();
    }

    private static string? Template(JsonField root)
    {
        if (!root.TryGet("chat_template", out var field))
            return null;
        if (field.Value.ValueKind != JsonValueKind.Array)
            return field.Text();
        foreach (var named in field.Items())
        {
            if (named.Get("name").Text() == "default")
                return named.Get("template").Text();
        }
        throw new InputException($"{field.Name} is a list without a template named 'default'.");
    }
}
