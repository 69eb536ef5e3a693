using PassAtK.Engine.Tokenization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization;

public sealed class TokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_kind_of_tokenizer_encodes_character_by_character()
    {
        var tokenizer = Tokenizer.Load(RepositoryPaths.InRepository("models", "countdown-base"));
        Assert.Equal(22, tokenizer.VocabularySize);
        Assert.Equal([20, 1, 2, 10, 3, 14, 1, 5], tokenizer.Encode("12+3=15", addSpecialTokens: true));
        Assert.Equal([1, 21], tokenizer.Encode("1</s>", addSpecialTokens: false));
        // Without an unknown token a character outside the vocabulary is dropped, as in the tokenizers library.
        Assert.Equal([1, 2], tokenizer.Encode("1x2", addSpecialTokens: false));
        Assert.Equal("12+3=15", tokenizer.Decode([20, 1, 2, 10, 3, 14, 1, 5, 21]));
        Assert.Equal("<s>1</s>", tokenizer.Decode([20, 1, 21], skipSpecialTokens: false));
        Assert.Equal(("<s>", "</s>"), (tokenizer.BosToken, tokenizer.EosToken));
        Assert.True(tokenizer.IsSpecial(21));
        Assert.False(tokenizer.IsSpecial(3));
        Assert.False(tokenizer.IsSpecial(-1));
        Assert.Equal(21, tokenizer.TokenId("</s>"));
        Assert.Null(tokenizer.TokenId("x"));
    }

    [Fact]
    public void Merges_apply_in_order_of_rank_then_from_the_left()
    {
        var tokenizer = Load(["a", "b", "ab", "aa", "aab"], """["a b","a a","aa b"]""");
        Assert.Equal([0, 2], tokenizer.Encode("aab", addSpecialTokens: false));
        Assert.Equal([3, 0], tokenizer.Encode("aaa", addSpecialTokens: false));
        Assert.Equal([3, 2, 1], tokenizer.Encode("aaabb", addSpecialTokens: false));
    }

    [Fact]
    public void Merges_come_as_texts_or_as_pairs()
    {
        var texts = Load(["a", "b", "ab"], """["#version: 0.2","a b"]""");
        var pairs = Load(["a", "b", "ab"], """[["a","b"]]""");
        Assert.Equal(texts.Encode("abba", addSpecialTokens: false), pairs.Encode("abba", addSpecialTokens: false));
    }

    [Fact]
    public void A_pair_may_hold_tokens_with_spaces()
    {
        var tokenizer = Load(["a", " ", "a ", "b", "a b"], """[["a"," "],["a ","b"]]""");
        Assert.Equal([4], tokenizer.Encode("a b", addSpecialTokens: false));
    }

    [Fact]
    public void Ignored_merges_let_whole_words_stand()
    {
        Assert.Equal([0, 1], Load(["a", "b", "ab"], "[]").Encode("ab", addSpecialTokens: false));
        Assert.Equal([2], Load(["a", "b", "ab"], "[]", "\"ignore_merges\":true,").Encode("ab", addSpecialTokens: false));
    }

    [Theory]
    [InlineData("", new[] { 0, 0 })]
    [InlineData("\"unk_token\":\"?\",", new[] { 0, 1, 1, 0 })]
    [InlineData("\"unk_token\":\"?\",\"fuse_unk\":true,", new[] { 0, 1, 0 })]
    [InlineData("\"unk_token\":\"?\",\"byte_fallback\":true,", new[] { 0, 2, 3, 1, 0 })]
    public void Unknown_characters_are_dropped_replaced_fused_or_spelled_in_bytes(string options, int[] expected) =>
        Assert.Equal(expected, Load(["a", "?", "<0xC3>", "<0xA9>"], "[]", options).Encode("aéxa", addSpecialTokens: false));

    [Fact]
    public void An_unknown_token_outside_the_vocabulary_is_an_error_once_it_is_needed()
    {
        var tokenizer = Load(["a"], "[]", "\"unk_token\":\"?\",");
        Assert.Equal([0], tokenizer.Encode("a", addSpecialTokens: false));
        Assert.Contains("model.unk_token", Assert.Throws<InputException>(() => tokenizer.Encode("x", addSpecialTokens: false)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("single_word", "aXY XY aXY", new[] { 0, 2, 3, 1, 4, 1, 0, 2, 3 })]
    [InlineData("lstrip", "a  XYa", new[] { 0, 4, 0 })]
    [InlineData("rstrip", "aXY \u3000 a", new[] { 0, 4, 0 })]
    [InlineData("none", "a XY a", new[] { 0, 1, 4, 1, 0 })]
    public void Added_tokens_heed_their_flags(string flag, string text, int[] expected)
    {
        string Is(string name) => name == flag ? "true" : "false";
        var json = SmallTokenizer.Json(
            vocabulary: ["a", " ", "X", "Y"],
            merges: "[]",
            addedTokens: $$"""
                [{"id":4,"content":"XY","single_word":{{Is("single_word")}},"lstrip":{{Is("lstrip")}},"rstrip":{{Is("rstrip")}},
                  "normalized":false,"special":false}]
                """);
        Assert.Equal(expected, SmallTokenizer.Load(_folder, json).Encode(text, addSpecialTokens: false));
    }

    [Fact]
    public void The_longest_added_token_wins_and_normalized_ones_are_found_in_normalized_text()
    {
        var json = SmallTokenizer.Json(
            vocabulary: ["a", "é"],
            merges: "[]",
            normalizer: """{"type":"NFC"}""",
            addedTokens: """
                [{"id":2,"content":"<x>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
                 {"id":3,"content":"<x>y","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false},
                 {"id":4,"content":"éa","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false}]
                """);
        var tokenizer = SmallTokenizer.Load(_folder, json);
        Assert.Equal([3, 2, 0, 4, 1], tokenizer.Encode("<x>y<x>ae\u0301aé", addSpecialTokens: false));
    }

    [Fact]
    public void A_lone_surrogate_counts_as_the_replacement_character()
    {
        var tokenizer = Load(["a", "\uFFFD"], "[]");
        Assert.Equal([0, 1, 0], tokenizer.Encode("a\uD83Da", addSpecialTokens: false));
    }

    [Fact]
    public void A_million_equal_letters_are_encoded_in_one_piece()
    {
        List<string> vocabulary = ["a"];
        List<string> merges = [];
        for (var length = 1; length <= 512; length *= 2)
        {
            merges.Add($"\"{vocabulary[^1]} {vocabulary[^1]}\"");
            vocabulary.Add(new string('a', 2 * length));
        }
        var tokens = Load(vocabulary, $"[{string.Join(',', merges)}]").Encode(new string('a', 1_000_000), addSpecialTokens: false);
        Assert.Equal(1_000_000, tokens.Sum(token => 1 << token));
        Assert.All(tokens[..976], token => Assert.Equal(10, token));
    }

    [Fact]
    public void Many_threads_share_one_tokenizer()
    {
        var folder = ReferenceTokenizer.VocabularyOrSkip("gpt2");
        var texts = TextCorpus.Texts(300, seed: 9);
        var alone = Tokenizer.Load(folder);
        var expected = texts.Select(text => alone.Encode(text, addSpecialTokens: false)).ToArray();
        var shared = Tokenizer.Load(folder);
        Parallel.For(0, 1200, i =>
        {
            var text = i % texts.Count;
            Assert.Equal(expected[text], shared.Encode(texts[text], addSpecialTokens: false));
            Assert.Equal(alone.Decode(expected[text]), shared.Decode(expected[text]));
        });
    }

    [Theory]
    [InlineData("""{"bos_token":"<s>","eos_token":{"content":"</s>","lstrip":false},"chat_template":"T"}""", "<s>", "</s>", "T")]
    [InlineData("""{"bos_token":null,"chat_template":[{"name":"rag","template":"R"},{"name":"default","template":"D"}]}""", null, null, "D")]
    [InlineData("{}", null, null, null)]
    public void The_configuration_names_tokens_and_the_chat_template(string config, string? bos, string? eos, string? template)
    {
        var tokenizer = SmallTokenizer.Load(_folder, SmallTokenizer.Json(), config);
        Assert.Equal((bos, eos, template), (tokenizer.BosToken, tokenizer.EosToken, tokenizer.ChatTemplate));
    }

    [Fact]
    public void A_template_file_comes_before_the_configuration_s()
    {
        File.WriteAllText(_folder.File("chat_template.jinja"), "from file");
        var tokenizer = SmallTokenizer.Load(_folder, SmallTokenizer.Json(), """{"chat_template":"from config"}""");
        Assert.Equal("from file", tokenizer.ChatTemplate);
    }

    [Fact]
    public void A_missing_tokenizer_is_named() =>
        Assert.Contains("tokenizer.json", Assert.Throws<InputException>(() => Tokenizer.Load(_folder.Path)).Message, StringComparison.Ordinal);

    private Tokenizer Load(IReadOnlyList<string> vocabulary, string merges, string options = "") =>
        SmallTokenizer.Load(_folder, SmallTokenizer.Json(addedTokens: "[]", vocabulary: vocabulary, merges: merges, modelOptions: options));
}
