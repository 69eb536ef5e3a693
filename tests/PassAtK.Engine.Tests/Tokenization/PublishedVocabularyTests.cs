using System.Globalization;
using System.Text.Json.Nodes;
using PassAtK.Engine.Tokenization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>Published vocabularies, against the tokenizers library itself.</summary>
public sealed class PublishedVocabularyTests
{
    private const int TextCount = 2400;
    private const int TokenListCount = 1500;

    public static TheoryData<string> Vocabularies =>
        ["qwen3", "qwen2_5", "llama3_1", "llama2", "gpt2", "mistral_nemo", "deepseek_v3"];

    /// <summary>Families whose vocabularies no package holds, as a published vocabulary under their other parts.</summary>
    public static TheoryData<string, string, string, string> Families => new()
    {
        {
            "SmolLM", "gpt2", "pre_tokenizer",
            """{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}]}"""
        },
        { "Mistral 0.3", "llama2", "pre_tokenizer", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":false}""" },
        { "Gemma", "llama2", "normalizer", """{"type":"Replace","pattern":{"String":" "},"content":"▁"}""" },
    };

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Every_text_and_token_list_gives_what_the_reference_gives(string name) =>
        AssertLikeReference(ReferenceTokenizer.VocabularyOrSkip(name), TextCount, TokenListCount);

    [Theory]
    [MemberData(nameof(Families))]
    public void The_parts_of_another_family_give_what_the_reference_gives(string family, string vocabulary, string part, string value)
    {
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(ReferenceTokenizer.VocabularyOrSkip(vocabulary), "tokenizer.json")))!;
        root[part] = JsonNode.Parse(value);
        if (family == "Mistral 0.3")
            root["normalizer"] = null;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), root.ToJsonString());
        AssertLikeReference(folder.Path, texts: 600, tokenLists: 300);
    }

    private static void AssertLikeReference(string folder, int texts, int tokenLists)
    {
        var tokenizer = Tokenizer.Load(folder);
        var corpus = TextCorpus.Texts(texts, seed: 1);
        var lists = TextCorpus.TokenLists(tokenLists, tokenizer.VocabularySize, Favoured(tokenizer), seed: 2);
        var expected = ReferenceTokenizer.RunOrSkip(new ReferenceJob(Path.Combine(folder, "tokenizer.json"), null, corpus, lists));
        Assert.Null(expected.Error);
        AssertSame(corpus, i => expected.Plain[i], i => tokenizer.Encode(corpus[i], addSpecialTokens: false));
        AssertSame(corpus, i => expected.Special[i], i => tokenizer.Encode(corpus[i], addSpecialTokens: true));
        AssertSame(corpus, i => expected.RoundTrips[i], i => tokenizer.Decode(expected.Plain[i]));
        AssertSame(lists, i => expected.Skipped[i], i => tokenizer.Decode(lists[i]));
        AssertSame(lists, i => expected.Whole[i], i => tokenizer.Decode(lists[i], skipSpecialTokens: false));
    }

    /// <summary>Tokens whose decoding needs care: single bytes, byte fallback, special tokens, spaces.</summary>
    internal static IReadOnlyList<int> Favoured(Tokenizer tokenizer) =>
    [
        .. Enumerable.Range(0, Math.Min(260, tokenizer.VocabularySize)),
        .. Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsSpecial).Take(20),
        .. new[] { "<0xE4>", "<0xBD>", "<0xA0>", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "<0x41>", "▁", "▁▁", "Ġ", "Ċ" }
            .Select(tokenizer.TokenId).OfType<int>(),
    ];

    internal static void AssertSame<TInput, TOutput>(IReadOnlyList<TInput> inputs, Func<int, TOutput> expected, Func<int, TOutput> actual)
    {
        List<string> failures = [];
        for (var i = 0; i < inputs.Count; i++)
        {
            var (want, got) = (Show(expected(i)), Show(actual(i)));
            if (want != got)
                failures.Add($"{Show(inputs[i])}\n  expected {want}\n  got      {got}");
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {inputs.Count} differ; the first:\n{string.Join('\n', failures.Take(5))}");
    }

    private static string Show<T>(T value) => value switch
    {
        int[] ids => string.Join(' ', ids),
        string text => string.Concat(
            text.Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"))),
        _ => value?.ToString() ?? "",
    };
}
