using System.Globalization;
using PassAtK.Engine.Tokenization;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>Published vocabularies, against the tokenizers library itself.</summary>
public sealed class PublishedVocabularyTests
{
    private const int TextCount = 2400;
    private const int TokenListCount = 1500;

    public static TheoryData<string> Vocabularies =>
        ["qwen3", "qwen2_5", "llama3_1", "llama2", "gpt2", "mistral_nemo", "deepseek_v3"];

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void Every_text_and_token_list_gives_what_the_reference_gives(string name)
    {
        var folder = ReferenceTokenizer.VocabularyOrSkip(name);
        var tokenizer = Tokenizer.Load(folder);
        var texts = TextCorpus.Texts(TextCount, seed: 1);
        var lists = TextCorpus.TokenLists(TokenListCount, tokenizer.VocabularySize, Favoured(tokenizer), seed: 2);
        var expected = ReferenceTokenizer.RunOrSkip(new ReferenceJob(Path.Combine(folder, "tokenizer.json"), null, texts, lists));
        Assert.Null(expected.Error);

        AssertSame(texts, i => expected.Plain[i], i => tokenizer.Encode(texts[i], addSpecialTokens: false));
        AssertSame(texts, i => expected.Special[i], i => tokenizer.Encode(texts[i], addSpecialTokens: true));
        AssertSame(texts, i => expected.RoundTrips[i], i => tokenizer.Decode(expected.Plain[i]));
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
