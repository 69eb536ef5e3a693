namespace PassAtK.Engine.Tokenization.Reading;

/// <summary>
/// Reads the `post_processor` of `tokenizer.json`: which tokens stand around a text. `ByteLevel` is about offsets alone, and the template
/// for pairs of texts is not looked at, because prompts are single texts.
/// </summary>
internal static class TemplateReader
{
    /// <summary>Stands for the text's own tokens.</summary>
    public const int Text = -1;

    private static readonly string[] Known = ["TemplateProcessing", "ByteLevel", "Sequence"];

    /// <returns>Token ids and <see cref="Text"/>, in order; null where nothing is added.</returns>
    public static int[]? Read(JsonField field, int vocabularySize)
    {
        var type = field.Get("type");
        switch (type.Text())
        {
            case "ByteLevel":
                field.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                return null;
            case "TemplateProcessing":
                field.AllowOnly("type", "single", "pair", "special_tokens");
                return ReadTemplate(field, vocabularySize);
            case "Sequence":
                field.AllowOnly("type", "processors");
                int[]? template = null;
                foreach (var processor in field.Get("processors").Items())
                {
                    var next = Read(processor, vocabularySize);
                    template = template is null || next is null
                        ? next ?? template
                        : throw processor.Get("type").Wrong("one TemplateProcessing");
                }
                return template;
            default:
                throw type.Unknown("post-processor", Known);
        }
    }

    private static int[] ReadTemplate(JsonField field, int vocabularySize)
    {
        List<int> template = [];
        foreach (var piece in field.Get("single").Items())
        {
            piece.AllowOnly("SpecialToken", "Sequence");
            if (piece.TryGet("Sequence", out var sequence))
            {
                sequence.AllowOnly("id", "type_id");
                if (sequence.Get("id").Text() != "A")
                    throw sequence.Get("id").Wrong("\"A\", the only text there is");
                template.Add(Text);
                continue;
            }
            var special = piece.Get("SpecialToken");
            special.AllowOnly("id", "type_id");
            var name = special.Get("id");
            if (!field.Get("special_tokens").TryGet(name.Text(), out var token))
                throw name.Wrong("a name from special_tokens");
            token.AllowOnly("id", "ids", "tokens");
            template.AddRange(token.Get("ids").Items().Select(id => id.Number(vocabularySize - 1)));
        }
        return [.. template];
    }
}
