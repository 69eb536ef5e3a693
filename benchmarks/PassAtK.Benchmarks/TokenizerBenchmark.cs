using BenchmarkDotNet.Attributes;
using PassAtK.Engine.Tokenization;

namespace PassAtK.Benchmarks;

/// <summary>
/// Text to tokens and back, with the tokenizer of the folder that PASSATK_TOKENIZER names, else that of the shipped countdown model (22
/// tokens). Items are tokens.
/// </summary>
public class TokenizerBenchmark : IHasWork
{
    private static readonly Lazy<(Tokenizer Tokenizer, string Text)> Loaded = new(Load);

    private Tokenizer _tokenizer = null!;
    private string _text = "";
    private int[] _tokens = [];

    Work IHasWork.Work => new(Loaded.Value.Tokenizer.Encode(Loaded.Value.Text, addSpecialTokens: false).Length);

    [GlobalSetup]
    public void Setup()
    {
        (_tokenizer, _text) = Loaded.Value;
        _tokens = _tokenizer.Encode(_text, addSpecialTokens: false);
    }

    [Benchmark]
    public int[] Encode() => _tokenizer.Encode(_text, addSpecialTokens: false);

    [Benchmark]
    public string Decode() => _tokenizer.Decode(_tokens);

    /// <summary>As a stop text is looked for: token by token.</summary>
    [Benchmark]
    public int DecodeStreaming()
    {
        var decoding = _tokenizer.StartDecoding();
        var length = 0;
        foreach (var token in _tokens)
            length += decoding.Push(token).Length;
        return length;
    }

    private static (Tokenizer Tokenizer, string Text) Load()
    {
        var models = ShippedFiles.Models;
        var folder = Environment.GetEnvironmentVariable("PASSATK_TOKENIZER");
        return folder is null
            ? (Tokenizer.Load(Path.Combine(models, "countdown-base")), string.Concat(Enumerable.Repeat("4 8 5 16 11>84:16*5=80,8-4=4,80+4=84,", 100)))
            : (Tokenizer.Load(folder), File.ReadAllText(ShippedFiles.Readme));
    }
}
