using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// Random weights of a given shape, for benchmarks and tests that need a model's size and not its knowledge. An element depends on
/// seed, tensor name, row and column alone, whatever the reading order; types differ by rounding only. Norm weights are uniform in
/// [0.9, 1.1); all others are uniform with standard deviation 0.02 as transformers initialises: activations stay finite through deep
/// stacks because each layer normalises its input.
/// </summary>
public sealed class RandomWeights(ModelConfig config, DataType type, ulong seed) : IWeightSource
{
    private const float StandardDeviation = 0.02f;

    private readonly ModelLayout _layout = new(config);

    public ModelConfig Config => config;

    public WeightTensor Get(string name)
    {
        var shape = _layout.Find(name)
            ?? throw new InputException($"random weights: there is no tensor '{name}' in a {config.Architecture} of this shape.");
        var isNorm = name.EndsWith("norm.weight", StringComparison.Ordinal);
        // A uniform variable in [-a, a) has standard deviation a / sqrt(3).
        return isNorm
            ? new RandomTensor(shape, type, Key(name), center: 1, reach: 0.1f)
            : new RandomTensor(shape, type, Key(name), center: 0, StandardDeviation * MathF.Sqrt(3));
    }

    public void Dispose()
    {
    }

    private ulong Key(string name) => Philox.ProblemKey(name) ^ seed;
}
