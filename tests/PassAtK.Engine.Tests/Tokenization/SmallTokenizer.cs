using System.Text.Json;
using System.Text.Json.Nodes;
using PassAtK.Engine.Tokenization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>Hand-made tokenizer.json files. Each part is JSON; the vocabulary is given as tokens in order of their ids.</summary>
internal static class SmallTokenizer
{
    /// <summary>Letters, marks, spaces, bytes of both kinds, tokens that are not UTF-8 by themselves.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } =
    [
        "a", "b", "ab", "▁", "▁a", "▁b", "▁▁", " ", "  ", " a ", "é", "😀", "Ġ", "Ġa", "Ã", "©", "Ã©", "ð", "ðŁ", "ĺĢ", "Ģ", "â", "Ĥ", "<0xC3>", "<0xA9>", "<0xF0>", "<0x9F>",
        "<0x98>", "<0x80>", "<0x41>", "<0x20>", "<0xzz>", "1", "2", "12", ".", "\n",
    ];

    public static string Json(
        string decoder = "null",
        string normalizer = "null",
        string preTokenizer = "null",
        string postProcessor = "null",
        string addedTokens = """[{"id":37,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}]""",
        IReadOnlyList<string>? vocabulary = null,
        string merges = """["a b","▁ a"]""",
        string modelOptions = "")
    {
        var ids = new JsonObject((vocabulary ?? Vocabulary).Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)));
        return $$"""
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":{{addedTokens}},"normalizer":{{normalizer}},
             "pre_tokenizer":{{preTokenizer}},"post_processor":{{postProcessor}},"decoder":{{decoder}},
             "model":{"type":"BPE",{{modelOptions}}"vocab":{{ids.ToJsonString()}},"merges":{{merges}} } }
            """;
    }

    public static Tokenizer Load(TemporaryFolder folder, string json, string? config = null)
    {
        File.WriteAllText(folder.File("tokenizer.json"), json);
        if (config is not null)
            File.WriteAllText(folder.File("tokenizer_config.json"), config);
        return Tokenizer.Load(folder.Path);
    }

    public static string Quote(string text) => JsonSerializer.Serialize(text, JsonSerializerOptions.Default);
}
