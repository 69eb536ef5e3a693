using System.Text;
using PassAtK.Engine.Tokenization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization;

public sealed class DetokenizerTests
{
    /// <summary>Name and `decoder` of small tokenizers over one vocabulary that has every kind of token.</summary>
    public static TheoryData<string> Decoders =>
    [
        "null",
        """{"type":"Fuse"}""",
        """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""",
        """{"type":"ByteFallback"}""",
        """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""",
        """{"type":"Metaspace","replacement":"▁","prepend_scheme":"never","split":true}""",
        """{"type":"Replace","pattern":{"String":"▁"},"content":" "}""",
        """{"type":"Strip","content":" ","start":1,"stop":1}""",
        """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}""",
        """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":2,"stop":3}]}""",
        """{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}]}""",
        """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}]}""",
    ];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Parts_and_final_flush_are_the_text_of_the_whole_for_every_decoder(string decoder)
    {
        var json = SmallTokenizer.Json(decoder: decoder);
        using var folder = new TemporaryFolder();
        var tokenizer = SmallTokenizer.Load(folder, json);
        AssertStreams(tokenizer, new PlainDecoder(json), Enumerable.Range(0, tokenizer.VocabularySize).ToArray(), lists: 1000);
    }

    [Theory]
    [MemberData(nameof(PublishedVocabularyTests.Vocabularies), MemberType = typeof(PublishedVocabularyTests))]
    public void Parts_and_final_flush_are_the_text_of_the_whole_for_published_vocabularies(string name)
    {
        var folder = ReferenceTokenizer.VocabularyOrSkip(name);
        var tokenizer = Tokenizer.Load(folder);
        var plain = new PlainDecoder(File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
        AssertStreams(tokenizer, plain, PublishedVocabularyTests.Favoured(tokenizer), lists: 400);
    }

    [Fact]
    public void Text_comes_as_soon_as_it_is_certain()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = SmallTokenizer.Load(folder, SmallTokenizer.Json(decoder: Decoders.Skip(8).First().Data));
        var detokenizer = tokenizer.StartDecoding();
        Assert.Equal("a", detokenizer.Push(tokenizer.TokenId("▁a")!.Value));
        Assert.Equal(" b", detokenizer.Push(tokenizer.TokenId("▁b")!.Value));
        Assert.Equal("", detokenizer.Push(tokenizer.TokenId("<0xC3>")!.Value));
        Assert.Equal("", detokenizer.Push(tokenizer.TokenId("<0xA9>")!.Value));
        Assert.Equal("éa", detokenizer.Push(tokenizer.TokenId("a")!.Value));
        Assert.Equal("", detokenizer.Flush());
    }

    private static void AssertStreams(Tokenizer tokenizer, PlainDecoder plain, IReadOnlyList<int> favoured, int lists)
    {
        foreach (var tokens in TextCorpus.TokenLists(lists, tokenizer.VocabularySize, favoured, seed: 3))
        {
            var text = new StringBuilder();
            var detokenizer = tokenizer.StartDecoding();
            for (var i = 0; i < tokens.Length; i++)
            {
                // A copy made anywhere finishes as a decoding of the tokens so far, and does not disturb the original.
                var fork = detokenizer;
                Assert.Equal(plain.Decode(tokens.Take(i)), text + fork.Flush());
                var part = detokenizer.Push(tokens[i]);
                Assert.False(EndsInHalfACharacter(part));
                text.Append(part);
            }
            text.Append(detokenizer.Flush());
            Assert.Equal(plain.Decode(tokens), text.ToString());
            Assert.Equal(text.ToString(), tokenizer.Decode(tokens));
        }
    }

    private static bool EndsInHalfACharacter(string part) =>
        part.Length > 0 && (char.IsHighSurrogate(part[^1]) || char.IsLowSurrogate(part[0]));
}
