using System.Text.Json.Nodes;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>What is wrong or unknown in a file is named, never skipped over.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model.type is \"Unigram\", an unknown model")]
    [InlineData("model.dropout", "0.1", "model.dropout is 0.1, expected null")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix is \"##\"")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix is \"</w>\"")]
    [InlineData("model.fuse_unk", "1", "model.fuse_unk is 1, expected true or false")]
    [InlineData("model.extra", "1", "model.extra is 1, an unknown field")]
    [InlineData("model.vocab", "[]", "model.vocab is [], expected an object")]
    [InlineData("model.vocab", """{"a":0,"b":0}""", "gives the id 0 twice")]
    [InlineData("model.vocab", """{"a":-1}""", "model.vocab.a is -1, expected a whole number")]
    [InlineData("model.merges", """["a b c"]""", "model.merges[0] is \"a b c\", expected two tokens")]
    [InlineData("model.merges", """[["a"]]""", "model.merges[0] is [\"a\"], expected two tokens")]
    [InlineData("model.merges", """["b a"]""", "expected two tokens of model.vocab that make a third")]
    [InlineData("version", "\"2.0\"", "version is \"2.0\", expected \"1.0\"")]
    [InlineData("extra", "null", "extra is null, an unknown field")]
    [InlineData("normalizer", """{"type":"BertNormalizer"}""", "normalizer.type is \"BertNormalizer\", an unknown normalizer")]
    [InlineData("normalizer", """{"type":"NFC","x":1}""", "normalizer.x is 1, an unknown field")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"String":""},"content":"x"}""", "normalizer.pattern.String is \"\", expected a text that is not empty")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"Regex":"\\p{Greek}"},"content":"x"}""", "normalizer.pattern.Regex is '\\p{Greek}', which has the property 'Greek'")]
    [InlineData("pre_tokenizer", """{"type":"UnicodeScripts"}""", "pre_tokenizer.type is \"UnicodeScripts\", an unknown pre-tokenizer")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"Digits"}]}""", "pre_tokenizer.pretokenizers[0] lacks the field 'individual_digits'")]
    [InlineData("pre_tokenizer", """{"type":"Punctuation","behavior":"Gone"}""", "pre_tokenizer.behavior is \"Gone\", an unknown behavior")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"▁","add_prefix_space":false,"prepend_scheme":"always"}""", "expected 'never'")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"ab"}""", "pre_tokenizer.replacement is \"ab\", expected one character")]
    [InlineData("post_processor", """{"type":"RobertaProcessing"}""", "post_processor.type is \"RobertaProcessing\", an unknown post-processor")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"X","type_id":0}}],"pair":[],"special_tokens":{}}""", "expected a name from special_tokens")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"X","type_id":0}}],"pair":[],"special_tokens":{"X":{"id":"X","ids":[999],"tokens":["X"]}}}""", "ids[0] is 999, expected a whole number from 0 to 37")]
    [InlineData("decoder", """{"type":"WordPiece"}""", "decoder.type is \"WordPiece\", an unknown decoder")]
    [InlineData("decoder", """{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"Metaspace","replacement":"▁"}]}""", "decoder.decoders[1].type is \"Metaspace\", expected only Strip after Fuse")]
    [InlineData("added_tokens", """[{"id":99,"content":"<s>","normalized":false,"special":true}]""", "added_tokens[0].id is 99, expected 37")]
    [InlineData("added_tokens", """[{"id":37,"content":"<s>","special":true}]""", "added_tokens[0] lacks the field 'normalized'")]
    public void A_wrong_field_is_refused_in_one_sentence(string path, string value, string named)
    {
        var root = JsonNode.Parse(SmallTokenizer.Json())!;
        var node = root;
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
            node = node[part]!;
        node[parts[^1]] = JsonNode.Parse(value);
        var refusal = Assert.Throws<InputException>(() => SmallTokenizer.Load(_folder, Unescaped(root)));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith(_folder.File("tokenizer.json") + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"\ud800":0},"merges":[]}}""")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["\ud800 a"]}}""")]
    public void A_file_that_is_no_tokenizer_is_refused(string content) =>
        Assert.Throws<InputException>(() => SmallTokenizer.Load(_folder, content));

    [Theory]
    [InlineData("""{"chat_template":[{"name":"rag","template":"R"}]}""", "without a template named 'default'")]
    [InlineData("""{"eos_token":3}""", "eos_token is 3, expected a text")]
    [InlineData("""{"bos_token":{"x":1}}""", "bos_token lacks the field 'content'")]
    public void A_wrong_configuration_is_refused(string config, string named)
    {
        var refusal = Assert.Throws<InputException>(() => SmallTokenizer.Load(_folder, SmallTokenizer.Json(), config));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer_config.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncation_and_padding_are_about_batches_and_do_not_touch_a_prompt()
    {
        var root = JsonNode.Parse(SmallTokenizer.Json())!;
        root["truncation"] = JsonNode.Parse("""{"direction":"Right","max_length":2,"strategy":"LongestFirst","stride":0}""");
        root["padding"] = JsonNode.Parse("""{"strategy":{"Fixed":9},"direction":"Right","pad_id":0,"pad_type_id":0,"pad_token":"a"}""");
        Assert.Equal(4, SmallTokenizer.Load(_folder, Unescaped(root)).Encode("abbbb", addSpecialTokens: false).Length);
    }

    [Fact]
    public void A_mutated_file_is_refused_or_works()
    {
        var random = new Random(11);
        string[] seeds =
        [
            SmallTokenizer.Json(normalizer: """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"Regex":" +"},"content":"▁"},{"type":"NFC"}]}""",
                decoder: DetokenizerTests.Decoders.Skip(8).First().Data, modelOptions: "\"unk_token\":\"a\",\"fuse_unk\":true,\"byte_fallback\":true,"),
            SmallTokenizer.Json(preTokenizer: """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\p{L}+|[^a-b]{1,3}"},"behavior":"Isolated","invert":false},{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true},{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}]}""",
                decoder: DetokenizerTests.Decoders.Skip(2).First().Data,
                postProcessor: """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"B","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{"B":{"id":"B","ids":[37],"tokens":["<s>"]}}}"""),
        ];
        var (refused, worked) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var root = JsonNode.Parse(seeds[i % seeds.Length])!;
            var text = Mutate(root, random);
            try
            {
                var tokenizer = SmallTokenizer.Load(_folder, text);
                var tokens = tokenizer.Encode("ab é😀  <s>12.\n", addSpecialTokens: true);
                Assert.All(tokens, token => Assert.InRange(token, 0, tokenizer.VocabularySize - 1));
                _ = tokenizer.Decode(tokens);
                worked++;
            }
            catch (InputException refusal)
            {
                Assert.False(string.IsNullOrWhiteSpace(refusal.Message));
                refused++;
            }
        }
        Assert.True(refused > 100 && worked > 100, $"{refused} refused, {worked} worked");
    }

    private static string Mutate(JsonNode root, Random random)
    {
        var nodes = Descendants(root).Where(node => node.Parent is not null).ToArray();
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var node = nodes[random.Next(nodes.Length)];
            var other = nodes[random.Next(nodes.Length)].DeepClone();
            JsonNode? replacement = random.Next(9) switch
            {
                0 => null,
                1 => JsonValue.Create(random.Next(-2, 60)),
                2 => JsonValue.Create(random.Next(2) == 0),
                3 => JsonValue.Create(1e300),
                4 => JsonValue.Create(new[] { "", "a", "(", "[", "▁", "NFC", "Sequence", "Fuse", "\\p{L}", "a*" }[random.Next(10)]),
                5 => new JsonArray(),
                6 => new JsonObject(),
                _ => other,
            };
            switch (node.Parent)
            {
                case JsonObject parent when random.Next(4) == 0:
                    parent.Remove(node.GetPropertyName());
                    break;
                case JsonObject parent:
                    parent[node.GetPropertyName()] = replacement;
                    break;
                case JsonArray parent:
                    parent[node.GetElementIndex()] = replacement;
                    break;
                default:
                    break;
            }
        }
        var text = Unescaped(root);
        // Now and then a broken byte rather than a wrong value.
        return random.Next(20) == 0 ? text.Remove(random.Next(text.Length), 1) : text;
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        yield return node;
        var children = node switch
        {
            JsonObject item => item.Select(property => property.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>())
        {
            foreach (var descendant in Descendants(child))
                yield return descendant;
        }
    }

    private static string Unescaped(JsonNode root) =>
        root.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
