using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;

namespace PassAtK.Benchmarks;

/// <summary>
/// Draws from one row of logits at temperature 0.6 and top-p 0.95: the sampler, which sorts nothing, and the usual way: softmax by
/// <see cref="TensorPrimitives"/>, a full sort, a running sum. Items are draws.
/// </summary>
public class SamplerBenchmark : IHasWork
{
    private static readonly SamplingParameters Parameters = new() { Temperature = 0.6f, TopP = 0.95f };

    private float[] _logits = [];
    private float[] _probabilities = [];
    private int[] _order = [];
    private int[] _samples = [];
    private TokenDraw[] _draws = [];
    private NucleusSampler _sampler = null!;

    [Params(49_152, 151_936)]
    public int Vocabulary { get; set; }

    [Params(1, 16)]
    public int Draws { get; set; }

    Work IHasWork.Work => new(Draws, sizeof(float) * (double)Vocabulary);

    [GlobalSetup]
    public void Setup()
    {
        _logits = RandomValues.Logits(Vocabulary, 1);
        _probabilities = new float[Vocabulary];
        _order = new int[Vocabulary];
        _samples = [.. Enumerable.Range(0, Draws)];
        _draws = new TokenDraw[Draws];
        _sampler = new NucleusSampler(Vocabulary);
    }

    [Benchmark]
    public TokenDraw Nucleus()
    {
        _sampler.Sample(_logits, new LogitsRow(0, Parameters, 1, 2, 3, 0, Draws), _samples, _draws);
        return _draws[0];
    }

    [Benchmark(Baseline = true)]
    public TokenDraw FullSort()
    {
        TensorPrimitives.Divide(_logits, Parameters.Temperature, _probabilities);
        TensorPrimitives.SoftMax(_probabilities, _probabilities);
        TensorPrimitives.Negate(_probabilities, _probabilities);
        for (var token = 0; token < _order.Length; token++)
            _order[token] = token;
        Array.Sort(_probabilities, _order);
        var (mass, kept) = (0f, 0);
        while (mass < Parameters.TopP)
            mass -= _probabilities[kept++];
        for (var draw = 0; draw < Draws; draw++)
        {
            var target = (float)Philox.Uniform(1, 2, _samples[draw], 3) * mass;
            var index = 0;
            while (index < kept - 1 && (target += _probabilities[index]) > 0)
                index++;
            _draws[draw] = new TokenDraw(_order[index], 0, 0);
        }
        return _draws[0];
    }
}
