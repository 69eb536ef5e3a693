using System.Text;
using PassAtK.Engine.Tokenization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Tokenization;

/// <summary>
/// Every option of every part, alone and in random company, against the tokenizers library. In the vocabulary any two characters may
/// merge, so the tokens tell where text was cut.
/// </summary>
public sealed class OptionTests
{
    private const string Alphabet = "aAbB12 .'!▁Ġ\n-é";

    private static readonly string[] Normalizers =
    [
        "null",
        """{"type":"NFC"}""", """{"type":"NFD"}""", """{"type":"NFKC"}""", """{"type":"NFKD"}""", """{"type":"Lowercase"}""", """{"type":"StripAccents"}""",
        """{"type":"Prepend","prepend":"▁"}""",
        """{"type":"Replace","pattern":{"String":" "},"content":"▁"}""",
        """{"type":"Replace","pattern":{"String":"ab"},"content":""}""",
        """{"type":"Replace","pattern":{"Regex":" {2,}"},"content":"-"}""",
        """{"type":"Replace","pattern":{"Regex":"a*"},"content":"1"}""",
        """{"type":"Strip","strip_left":true,"strip_right":true}""", """{"type":"Strip","strip_left":true,"strip_right":false}""",
        """{"type":"Strip","strip_left":false,"strip_right":true}""",
        """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}""",
    ];

    private static readonly string[] PreTokenizers =
    [
        "null",
        """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}""", """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""",
        """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":false}""",
        """{"type":"Digits","individual_digits":true}""", """{"type":"Digits","individual_digits":false}""",
        """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}""", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true}""",
        """{"type":"Metaspace","replacement":"▁","prepend_scheme":"never","split":false}""", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":false}""",
        """{"type":"Metaspace","replacement":"▁","add_prefix_space":true}""", """{"type":"Metaspace","replacement":"▁","str_rep":"▁","add_prefix_space":false,"prepend_scheme":"never"}""",
        """{"type":"Punctuation"}""", """{"type":"Punctuation","behavior":"MergedWithPrevious"}""", """{"type":"Punctuation","behavior":"Removed"}""",
        """{"type":"Whitespace"}""", """{"type":"WhitespaceSplit"}""",
        .. from behavior in new[] { "Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous" }
           from invert in new[] { "true", "false" }
           from pattern in new[] { """{"Regex":"\\p{N}|a"}""", """{"String":" "}""" }
           select $$"""{"type":"Split","pattern":{{pattern}},"behavior":"{{behavior}}","invert":{{invert}} }""",
        """{"type":"Split","pattern":{"Regex":"b*"},"behavior":"Isolated","invert":false}""",
        """{"type":"Split","pattern":{"Regex":"(?i:'s|'t|'b|'a)|\\s+(?!\\S)|\\s+|\\p{Lu}?\\p{Ll}*"},"behavior":"Removed","invert":true}""",
        """{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}]}""",
        """{"type":"Sequence","pretokenizers":[{"type":"Punctuation"},{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},{"type":"Digits","individual_digits":false},{"type":"Split","pattern":{"Regex":"[0-9][0-9]"},"behavior":"Isolated","invert":false}]}""",
        """{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true}]}""",
    ];

    private static readonly string[] Models =
    [
        "", "\"ignore_merges\":true,", "\"unk_token\":\"?\",", "\"unk_token\":\"?\",\"fuse_unk\":true,", "\"byte_fallback\":true,",
        "\"unk_token\":\"?\",\"fuse_unk\":true,\"byte_fallback\":true,", "\"unk_token\":\"?\",\"byte_fallback\":true,\"dropout\":null,\"continuing_subword_prefix\":\"\",",
        "\"end_of_word_suffix\":null,\"dropout\":0.0,",
    ];

    private static readonly string[] PostProcessors =
    [
        "null",
        """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}""",
        """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"B","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"E","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"B":{"id":"B","ids":[3,4],"tokens":["x","y"]},"E":{"id":"E","ids":[5],"tokens":["z"]}}}""",
        """{"type":"Sequence","processors":[{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true},{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"B","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"B":{"id":"B","ids":[3],"tokens":["x"]}}}]}""",
    ];

    // The reference aborts where a text is shorter than what Strip may take off its end: those are left to DetokenizerTests.
    private static readonly string[] DecoderParts =
        [.. DetokenizerTests.Decoders.Select(row => row.Data).Where(part => !part.Contains("\"stop\":1") && !part.Contains("\"stop\":3"))];

    [Fact]
    public void Every_option_alone_gives_what_the_reference_gives()
    {
        List<string> files = [];
        files.AddRange(Normalizers.Select(part => Build(new Random(1), normalizer: part)));
        files.AddRange(PreTokenizers.Select(part => Build(new Random(2), preTokenizer: part)));
        files.AddRange(Models.Select(part => Build(new Random(3), model: part)));
        files.AddRange(PostProcessors.Select(part => Build(new Random(4), postProcessor: part)));
        AssertLikeReference(files, texts: 120);
    }

    [Fact]
    public void Random_combinations_of_options_give_what_the_reference_gives()
    {
        var random = new Random(5);
        string Pick(string[] parts) => parts[random.Next(parts.Length)];
        // Where an empty match is replaced, the reference counts the first character twice once the text is cut.
        string[] normalizers = [.. Normalizers.Where(part => !part.Contains("a*", StringComparison.Ordinal))];
        List<string> files = [];
        while (files.Count < 150)
            files.Add(Build(random, Pick(normalizers), Pick(PreTokenizers), Pick(Models), Pick(PostProcessors), Pick(DecoderParts), addedTokens: random.Next(5)));
        AssertLikeReference(files, texts: 60);
    }

    private static string Build(
        Random random, string normalizer = "null", string preTokenizer = "null", string model = "", string postProcessor = "null",
        string decoder = "null", int addedTokens = 0)
    {
        List<string> vocabulary = [.. Alphabet.Select(character => character.ToString()), "?", "Ã", "©", "Ċ", "<0xC3>", "<0xB6>", "<0x09>", "<0x40>"];
        List<string> merges = [];
        string[] parts = [.. Alphabet.Select(character => character.ToString()), "Ã"];
        foreach (var left in parts)
        {
            foreach (var right in parts.Append("©").Where(_ => random.Next(4) > 0))
            {
                vocabulary.Add(left + right);
                merges.Add($"[{SmallTokenizer.Quote(left)},{SmallTokenizer.Quote(right)}]");
            }
        }
        // Longer tokens, made in two ways: the merge that comes first is not always the one whose pair was seen first.
        foreach (var (left, right) in new[] { ("aa", "b"), ("a", "ab"), ("▁a", "b"), ("▁", "ab"), ("Ġa", "a"), ("1", "21") })
        {
            if (!vocabulary.Contains(left) || !vocabulary.Contains(right))
                continue;
            if (!vocabulary.Contains(left + right))
                vocabulary.Add(left + right);
            merges.Add($"[{SmallTokenizer.Quote(left)},{SmallTokenizer.Quote(right)}]");
        }
        var shuffled = merges.ToArray();
        random.Shuffle(shuffled);
        return SmallTokenizer.Json(
            decoder, normalizer, preTokenizer, postProcessor, AddedTokens(random, vocabulary, addedTokens), vocabulary, $"[{string.Join(',', shuffled)}]", model);
    }

    private static string AddedTokens(Random random, List<string> vocabulary, int count)
    {
        string[] contents = ["<s>", "<s>a", "b1", " ", "A", "!!", "é", "ab", "▁"];
        random.Shuffle(contents);
        string Flag() => random.Next(2) == 0 ? "true" : "false";
        var next = vocabulary.Count;
        return "[" + string.Join(',', contents.Take(count).Select(content =>
        {
            var id = vocabulary.IndexOf(content) is >= 0 and var known ? known : next++;
            // The reference reads out of bounds where a normalizer leaves nothing of a token; we refuse such a file.
            var normalized = content is " " or "ab" ? "false" : Flag();
            return $$"""{"id":{{id}},"content":{{SmallTokenizer.Quote(content)}},"single_word":{{Flag()}},"lstrip":{{Flag()}},"rstrip":{{Flag()}},"normalized":{{normalized}},"special":{{Flag()}} }""";
        })) + "]";
    }

    private static void AssertLikeReference(List<string> files, int texts)
    {
        var random = new Random(6);
        List<ReferenceJob> jobs = [];
        foreach (var file in files)
        {
            List<string> inputs = ["", " ", "<s>", "<s> a<s>ab", "  <s>  "];
            while (inputs.Count < texts)
                inputs.Add(RandomText(random));
            jobs.Add(new ReferenceJob(null, file, inputs, TextCorpus.TokenLists(20, 120, [0, 3, 10, 16], random.Next())));
        }
        var results = ReferenceTokenizer.RunOrSkip(jobs);
        var compared = 0;
        for (var i = 0; i < jobs.Count; i++)
        {
            using var folder = new TemporaryFolder();
            // It aborts over some files whose normalizer shortens text; nothing to compare with then.
            if (results[i] is not { } result)
                continue;
            if (result.Error is not null)
            {
                Assert.Throws<InputException>(() => SmallTokenizer.Load(folder, jobs[i].Json!));
                continue;
            }
            Tokenizer tokenizer;
            try
            {
                tokenizer = SmallTokenizer.Load(folder, jobs[i].Json!);
            }
            catch (InputException refusal)
            {
                // It takes any one of such tokens; we refuse to guess.
                Assert.Contains("cannot be told from another token", refusal.Message, StringComparison.Ordinal);
                continue;
            }
            compared++;
            var job = jobs[i];
            try
            {
                PublishedVocabularyTests.AssertSame(job.Texts, t => result.Plain[t], t => tokenizer.Encode(job.Texts[t], addSpecialTokens: false));
                PublishedVocabularyTests.AssertSame(job.Texts, t => result.Special[t], t => tokenizer.Encode(job.Texts[t], addSpecialTokens: true));
                PublishedVocabularyTests.AssertSame(job.Texts, t => result.RoundTrips[t], t => tokenizer.Decode(result.Plain[t]));
                PublishedVocabularyTests.AssertSame(job.Tokens, t => result.Skipped[t], t => tokenizer.Decode(job.Tokens[t]));
                PublishedVocabularyTests.AssertSame(job.Tokens, t => result.Whole[t], t => tokenizer.Decode(job.Tokens[t], skipSpecialTokens: false));
            }
            catch (Exception cause) when (cause is not OperationCanceledException)
            {
                throw new InvalidOperationException($"with {job.Json![..job.Json!.IndexOf("\"vocab\"", StringComparison.Ordinal)]}:\n{cause.Message}", cause);
            }
        }
        Assert.True(compared > files.Count * 4 / 5, $"only {compared} of {files.Count} files were accepted");
    }

    private static string RandomText(Random random)
    {
        string[] rare = ["<s>", "x", "ö", "\t", "e\u0301", "\u00A0", "😀", "Σ", "İ", "ﬁ", "½", "\u200D", "_", "３"];
        var text = new StringBuilder();
        for (var left = random.Next(1, 16); left > 0; left--)
            _ = random.Next(6) == 0 ? text.Append(rare[random.Next(rare.Length)]) : text.Append(Alphabet[random.Next(Alphabet.Length)]);
        return text.ToString();
    }
}
