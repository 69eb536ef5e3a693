using System.Text;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;
using PassAtK.Engine.Tokenization;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Scheduling;

/// <summary>Stop texts across forks, against the definition: decode every prefix, end at the first that holds a stop text, cut before it.</summary>
public class StopTextTests
{
    // Byte-level tokens 2 to 6: "a", "ab", "b", and the two bytes of "é", which only together are a character.
    private const string TokenizerJson = """
        {"version":"1.0","added_tokens":[{"id":0,"content":"<e0>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
        {"id":1,"content":"<e1>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
        "normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false},
        "post_processor":null,"decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false},
        "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,
        "byte_fallback":false,"vocab":{"<e0>":0,"<e1>":1,"a":2,"ab":3,"b":4,"Ã":5,"©":6},"merges":[["a","b"]]}}
        """;

    private static readonly string[] Pieces = ["", "", "a", "ab", "b"];

    [Theory]
    [InlineData(true, 64, 1000, 1)]
    [InlineData(true, 5, 14, 1)]
    [InlineData(false, 64, 1000, 1)]
    [InlineData(true, 64, 1000, 2)]
    [InlineData(true, 5, 14, 2)]
    [InlineData(false, 64, 1000, 2)]
    public void A_sample_ends_at_the_first_stop_text_and_its_text_before_it(bool share, int maxRows, int blocks, int depth)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), TokenizerJson);
        var tokenizer = Tokenizer.Load(folder.Path);
        string[] stops = ["bba", "é", "aab", "abab"];
        var backend = new PrefixBackend(blocks, maxRows) { Sharpness = 3, PipelineDepth = depth };
        var request = new SampleRequest
        {
            ProblemId = "stop",
            Prompt = [2, 3],
            Parameters = new SamplingParameters { Temperature = 1, TopP = 1 },
            Seed = 3,
            MaxTokens = 30,
            Stop = stops,
            Samples = [.. Enumerable.Range(0, 300)],
        };
        var engine = new SamplingEngine(backend, tokenizer, new EngineOptions { Share = share });
        var completions = new Dictionary<int, Completion>();
        engine.Run([request], completion => completions.Add(completion.Sample, completion), TestContext.Current.CancellationToken);

        Assert.Equal(300, completions.Count);
        var stopped = 0;
        foreach (var (sample, completion) in completions)
        {
            var (tokens, text, finish) = Expected(backend.DrawAlone(request, sample), stops, backend.Config.EndOfSequenceTokens);
            Assert.Equal(tokens, completion.Tokens);
            Assert.Equal(text, completion.Text);
            Assert.Equal(finish, completion.Finish);
            stopped += backend.Config.EndOfSequenceTokens.Contains(tokens[^1]) ? 0 : 1;
        }
        Assert.InRange(stopped, 30, 300);
    }

    [Fact]
    public void Stop_texts_without_a_tokenizer_are_refused()
    {
        var engine = new SamplingEngine(new PrefixBackend(10, 10), null, new EngineOptions());
        var request = new SampleRequest
        {
            ProblemId = "stop",
            Prompt = [2],
            Parameters = new SamplingParameters(),
            Seed = 0,
            MaxTokens = 3,
            Stop = ["x"],
            Samples = [0],
        };
        Assert.Throws<InputException>(() => engine.Run([request], _ => { }, TestContext.Current.CancellationToken));
    }

    private static (int[] Tokens, string Text, FinishReason Finish) Expected(int[] drawn, string[] stops, IReadOnlyList<int> ends)
    {
        for (var length = 1; length <= drawn.Length; length++)
        {
            var text = Decode(drawn[..length]);
            var starts = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(start => start >= 0).ToArray();
            if (starts.Length > 0)
                return (drawn[..length], text[..starts.Min()], FinishReason.Stop);
        }
        return (drawn, Decode(drawn), ends.Contains(drawn[^1]) ? FinishReason.Stop : FinishReason.Length);
    }

    private static string Decode(int[] tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
            bytes.AddRange(token switch { 5 => [0xC3], 6 => [0xA9], _ => Encoding.ASCII.GetBytes(Pieces[token]) });
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
