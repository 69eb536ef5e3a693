using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

/// <summary>Rows of logits of many shapes, each a function of its seed.</summary>
internal static class RandomRows
{
    public static readonly string[] Shapes =
    [
        "peaked", "language model", "flat", "wide", "quantised", "all equal", "two levels", "mostly masked", "one finite", "huge", "tiny",
        "descending", "light tail", "signed zeros", "spikes", "striped", "striped levels",
    ];

    public static float[] Row(string shape, int count, int seed)
    {
        var random = new Random(seed);
        var row = new float[count];
        for (var i = 0; i < count; i++)
            row[i] = (float)Logit(shape, i, count, random);
        if (shape is "mostly masked" or "one finite")
            row[random.Next(count)] = (float)Normal(random);
        return row;
    }

    public static SamplingParameters Parameters(int seed)
    {
        var random = new Random(seed);
        return new SamplingParameters
        {
            Temperature = Pick(random, 0.6f, 1f, 0.6f, 1f, 0.1f, 2.5f, 1e-3f, 50f),
            TopP = Pick(random, 1f, 0.95f, 0.95f, 0.5f, 0.9999f, 1e-6f, 0.99999994f),
            TopK = Pick(random, 0, 0, 0, 1, 2, 7, 20, 50, 333, 5000, 60000),
            MinP = Pick(random, 0f, 0f, 0f, 0.05f, 0.5f, 1f, 1e-9f),
        };
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static T Pick<T>(Random random, params ReadOnlySpan<T> values) => values[random.Next(values.Length)];

    private static double Logit(string shape, int i, int count, Random random) => shape switch
    {
        "peaked" => (random.Next(count) < 5 ? 18 : 0) + (2 * Normal(random)),
        // Log-probabilities that fall off with the logarithm of the rank, as a language model's do, in random order.
        "language model" => (-1.6 * Math.Log(1 + random.Next(count))) + Normal(random),
        "flat" => Normal(random),
        "wide" => 40 * Normal(random),
        "quantised" => Math.Round(4 * Normal(random)) / 2,
        "all equal" => 3.25,
        "two levels" => random.Next(3) == 0 ? 1 : -1,
        "mostly masked" => random.Next(10) == 0 ? 3 * Normal(random) : double.NegativeInfinity,
        "one finite" => double.NegativeInfinity,
        "huge" => 1e38 * Normal(random) / 3,
        "tiny" => 1e-39 * Normal(random),
        "descending" => -i * (20.0 / count),
        // Weights around the smallest normal float relative to the largest.
        "light tail" => i == count / 2 ? 0 : -80 - (10 * random.NextDouble()),
        "signed zeros" => random.Next(3) switch { 0 => 0.0, 1 => -0.0, _ => -1e-45 },
        // Every sixteenth block of 64 is unlike the rest: what a sparse look at the row sees is wrong.
        "striped" => (i / 64 % 16 == 0 ? -4 : 0) + Normal(random),
        "striped levels" => i / 64 % 16 == 0 ? 1 : (i % 5 == 0 ? -1 : -2),
        "spikes" => random.Next(200) == 0 ? 10 + random.NextDouble() : -random.NextDouble(),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };
}
