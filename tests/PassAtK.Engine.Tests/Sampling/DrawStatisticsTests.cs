using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

/// <summary>Frequencies of many draws against exact probabilities. Seeds are fixed, so a test that passes keeps passing.</summary>
public sealed class DrawStatisticsTests
{
    [Theory]
    [InlineData("language model", 22, 1f, 1f, 0, 0f)]
    [InlineData("flat", 300, 0.6f, 0.95f, 0, 0f)]
    [InlineData("flat", 300, 1f, 0.9f, 100, 0f)]
    [InlineData("flat", 5000, 1f, 1f, 0, 0.3f)]
    [InlineData("flat", 5000, 0.6f, 0.95f, 0, 0f)]
    [InlineData("quantised", 1000, 2f, 0.7f, 50, 0.1f)]
    public void Draws_follow_the_filtered_distribution(string shape, int size, float temperature, float topP, int topK, float minP)
    {
        const int Draws = 250_000;
        var row = RandomRows.Row(shape, size, 9);
        var parameters = new SamplingParameters { Temperature = temperature, TopP = topP, TopK = topK, MinP = minP };
        var expected = new ReferenceSampler(row, parameters).Probabilities;
        var counts = new int[size];
        foreach (var token in Draw(row, parameters, Draws, seed: 77, position: 3))
            counts[token]++;
        AssertPlausible(counts, [.. expected.Select(p => p * Draws)]);
    }

    [Fact]
    public void Rare_tokens_come_as_often_as_they_should()
    {
        // Probabilities 1e-6, most, 1e-5, 1e-6: 20 million draws bring about 20, 200 and 20.
        const int Draws = 20_000_000;
        float[] row = [MathF.Log(1e-6f), 0, MathF.Log(1e-5f), MathF.Log(1e-6f)];
        var probabilities = new ReferenceSampler(row, new SamplingParameters { Temperature = 1, TopP = 1 }).Probabilities;
        var sampler = new NucleusSampler(row.Length);
        var samples = new int[100_000];
        var draws = new TokenDraw[samples.Length];
        var counts = new int[row.Length];
        for (var first = 0; first < Draws; first += samples.Length)
        {
            for (var i = 0; i < samples.Length; i++)
                samples[i] = first + i;
            sampler.Sample(row, new LogitsRow(0, new SamplingParameters { Temperature = 1, TopP = 1 }, 5, 6, 7, 0, 0), samples, draws);
            foreach (var draw in draws)
                counts[draw.Token]++;
        }
        for (var token = 0; token < row.Length; token++)
        {
            var mean = Draws * probabilities[token];
            Assert.InRange(counts[token], mean - (4 * Math.Sqrt(mean)), mean + (4 * Math.Sqrt(mean)));
        }
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("position")]
    [InlineData("seed")]
    [InlineData("problem")]
    public void Neighbouring_streams_are_independent(string neighbour)
    {
        // Pairs of numbers of neighbouring counters or keys in a grid of 16 x 16.
        const int Pairs = 250_000;
        var counts = new int[256];
        for (var i = 0; i < Pairs; i++)
        {
            var (a, b) = neighbour switch
            {
                "sample" => (Philox.Uniform(1, 2, i, 3), Philox.Uniform(1, 2, i + 1, 3)),
                "position" => (Philox.Uniform(1, 2, i, 3), Philox.Uniform(1, 2, i, 4)),
                "seed" => (Philox.Uniform(1, 2, i, 3), Philox.Uniform(2, 2, i, 3)),
                _ => (Philox.Uniform(1, 2, i, 3), Philox.Uniform(1, 3, i, 3)),
            };
            counts[((int)(a * 16) * 16) + (int)(b * 16)]++;
        }
        AssertPlausible(counts, [.. Enumerable.Repeat(Pairs / 256.0, 256)]);
    }

    [Fact]
    public void Successive_tokens_of_a_sample_are_independent()
    {
        const int Samples = 100_000;
        var row = RandomRows.Row("flat", 12, 1);
        var parameters = new SamplingParameters { Temperature = 1, TopP = 1 };
        var p = new ReferenceSampler(row, parameters).Probabilities;
        var (now, next) = (Draw(row, parameters, Samples, 3, 10), Draw(row, parameters, Samples, 3, 11));
        var counts = new int[144];
        for (var i = 0; i < Samples; i++)
            counts[(now[i] * 12) + next[i]]++;
        AssertPlausible(counts, [.. Enumerable.Range(0, 144).Select(pair => Samples * p[pair / 12] * p[pair % 12])]);
    }

    private static int[] Draw(float[] row, SamplingParameters parameters, int count, ulong seed, int position)
    {
        var draws = new TokenDraw[count];
        new NucleusSampler(row.Length).Sample(
            row, new LogitsRow(0, parameters, seed, 123, position, 0, 0), [.. Enumerable.Range(0, count)], draws);
        return [.. draws.Select(draw => draw.Token)];
    }

    /// <summary>
    /// Pearson's chi-square with bins of an expectation below 10 pooled, as a standard normal deviate (Wilson and Hilferty): neither
    /// too far (p below 1e-4) nor, as draws that are not random would be, too close.
    /// </summary>
    private static void AssertPlausible(int[] counts, double[] expected)
    {
        var (chiSquare, bins, pooledCount, pooledExpected) = (0.0, 0, 0.0, 0.0);
        for (var i = 0; i < counts.Length; i++)
        {
            if (expected[i] == 0)
                Assert.Equal(0, counts[i]);
            pooledCount += counts[i];
            pooledExpected += expected[i];
            if (pooledExpected < 10)
                continue;
            chiSquare += Math.Pow(pooledCount - pooledExpected, 2) / pooledExpected;
            (pooledCount, pooledExpected) = (0, 0);
            bins++;
        }
        Assert.True(bins > 3, $"only {bins} bins");
        double freedom = bins - 1;
        var deviate = (Math.Cbrt(chiSquare / freedom) - (1 - (2 / (9 * freedom)))) / Math.Sqrt(2 / (9 * freedom));
        Assert.InRange(deviate, -3.72, 3.72);
    }
}
