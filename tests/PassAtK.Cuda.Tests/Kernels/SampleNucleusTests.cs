using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Sampling;
using LogitRows = PassAtK.Engine.Tests.Sampling.RandomRows;

namespace PassAtK.Cuda.Tests.Kernels;

public sealed class SampleNucleusTests
{
    private static readonly int[] Samples = [.. Enumerable.Range(0, 24)];

    [Fact]
    public void Draws_agree_with_a_full_sort_in_double_precision() => KernelDevice.InEachMode(device =>
    {
        var agreement = new SampleNucleusAgreement();
        foreach (var size in new[] { 1, 2, 22, 63, 64, 65, 511, 512, 513, 4095, 4097 })
        {
            var cases = from shape in LogitRows.Shapes
                        let seed = size + Array.IndexOf(LogitRows.Shapes, shape)
                        select (shape, LogitRows.Row(shape, size, seed), LogitRows.Parameters(seed));
            CompareAll(device, size, [.. cases], agreement);
        }
        agreement.AssertExceptionsAreRare();
    });

    [Fact]
    public void Large_vocabularies_agree_with_a_full_sort_in_double_precision() => KernelDevice.InEachMode(device =>
    {
        var agreement = new SampleNucleusAgreement();
        foreach (var (size, shapes) in new[]
        {
            (32_000, new[] { "language model", "flat", "quantised", "striped levels" }),
            (151_936, ["peaked", "flat"]),
            (262_144, ["spikes"]),
        })
        {
            SamplingParameters[] parameters =
            [
                new(), new() { Temperature = 1, TopP = 0.9f, TopK = size / 2 }, new() { Temperature = 1, TopP = 1 },
                new() { TopK = 50, TopP = 1 },
            ];
            var cases = from shape in shapes
                        let row = LogitRows.Row(shape, size, 5)
                        from p in size < 100_000 ? parameters : parameters[..1]
                        select (shape, row, p);
            CompareAll(device, size, [.. cases], agreement);
        }
        agreement.AssertExceptionsAreRare();
    });

    [Fact]
    public void Extreme_temperatures_agree_with_a_full_sort_in_double_precision() => KernelDevice.InEachMode(device =>
    {
        var agreement = new SampleNucleusAgreement();
        var cases = from shape in new[] { "flat", "quantised", "huge", "tiny", "signed zeros", "mostly masked", "one finite" }
                    from temperature in new[] { 1e-30f, 1e-12f, 1e30f }
                    from topP in new[] { 1, 0.7f }
                    select (shape, LogitRows.Row(shape, 1000, 8), new SamplingParameters { Temperature = temperature, TopP = topP });
        CompareAll(device, 1000, [.. cases], agreement);
        agreement.AssertExceptionsAreRare();
    });

    [Fact]
    public void Ties_at_the_edge_keep_the_lower_ids() => KernelDevice.InEachMode(device =>
    {
        float[] row = [1, 5, 1, 5, 5, 1, 5];
        Assert.Equal([1, 3, 4], Support(device, row, new SamplingParameters { Temperature = 1, TopP = 1, TopK = 3 }));
        Assert.Equal([0, 1, 3, 4, 6], Support(device, row, new SamplingParameters { Temperature = 100, TopP = 1, TopK = 5 }));
        // Four equal tokens have 0.986 of the mass: 0.7 of it takes the first three.
        Assert.Equal([1, 3, 4], Support(device, row, new SamplingParameters { Temperature = 1, TopP = 0.7f }));

        var equal = new float[8];
        Assert.Equal([0, 1, 2, 3], Support(device, equal, new SamplingParameters { Temperature = 1, TopP = 0.5f }));
        Assert.Equal([0, 1, 2, 3, 4], Support(device, equal, new SamplingParameters { Temperature = 1, TopP = MathF.BitIncrement(0.5f) }));
    });

    [Fact]
    public void Ties_across_thousands_of_tokens_keep_the_lower_ids() => KernelDevice.InEachMode(device =>
    {
        // 10,000 equal logits, more than are ever gathered: 6,000 of them survive top-k, half of those top-p.
        var row = new float[20_000];
        for (var i = 0; i < row.Length; i += 2)
            row[i] = 2.5f;
        for (var i = 1; i < row.Length; i += 2)
            row[i] = -100;
        foreach (var (parameters, survivors) in new[]
        {
            (new SamplingParameters { Temperature = 1, TopP = 1, TopK = 6000 }, 6000),
            (new SamplingParameters { Temperature = 1, TopP = 0.5f, TopK = 6000 }, 3000),
            (new SamplingParameters { Temperature = 1, TopP = 0.5f }, 5000),
            (new SamplingParameters { Temperature = 1, TopP = 1, MinP = 0.5f }, 10_000),
        })
        {
            var batch = new SampleNucleusBatch(row.Length);
            batch.Add(row, parameters, [.. Enumerable.Range(0, 64)]);
            foreach (var (draw, sample) in batch.Run(device)[0].Select((draw, sample) => (draw, sample)))
            {
                Assert.Equal(2 * (int)(SampleNucleusBatch.Uniform(sample) * survivors), draw.Token);
                Assert.Equal(-Math.Log(survivors), draw.FilteredLogprob, 1e-5);
                Assert.Equal(-Math.Log(10_000), draw.Logprob, 1e-5);
            }
        }
    });

    [Fact]
    public void Top_p_refers_to_the_mass_that_top_k_left() => KernelDevice.InEachMode(device =>
    {
        // Shares 0.4, 0.3, 0.2, 0.1; top-k 3 leaves 4/9, 3/9, 2/9, of which top-p 0.7 takes two; min-p 0.7 keeps both.
        float[] row = [MathF.Log(0.4f), MathF.Log(0.3f), MathF.Log(0.2f), MathF.Log(0.1f)];
        Assert.Equal([0, 1], Support(device, row, new SamplingParameters { Temperature = 1, TopP = 0.7f, TopK = 3, MinP = 0.7f }));
        Assert.Equal([0, 1, 2], Support(device, row, new SamplingParameters { Temperature = 1, TopP = 0.78f, TopK = 3, MinP = 0.4f }));
        Assert.Equal([0], Support(device, row, new SamplingParameters { Temperature = 1, TopP = 0.99f, TopK = 3, MinP = 0.8f }));
    });

    [Fact]
    public void A_rows_draws_do_not_depend_on_its_neighbours_or_on_how_they_are_grouped() => KernelDevice.InEachMode(device =>
    {
        const int size = 9001;
        foreach (var parameters in new SamplingParameters[]
        {
            new(), new() { Temperature = 1, TopP = 1 }, new() { Temperature = 1.5f, TopP = 0.9f }, new() { TopK = 40 },
            new() { Temperature = 0 },
        })
        {
            var row = LogitRows.Row("flat", size, 1);
            var alone = new SampleNucleusBatch(size);
            alone.Add(row, parameters, Samples);
            var expected = alone.Run(device)[0];

            var among = new SampleNucleusBatch(size) { Padding = 3, Gap = 5 };
            among.Add(LogitRows.Row("peaked", size, 2), new SamplingParameters(), 1, 2);
            among.Add(row, parameters, 5);
            among.Add(LogitRows.Row("flat", size, 3), new SamplingParameters());
            among.Add(row, parameters, [.. Samples.Reverse()]);
            var actual = among.Run(device);
            Assert.Equal(expected[5], actual[1][0]);
            Assert.Empty(actual[2]);
            Assert.Equal(expected, actual[3].Reverse());
        }
    });

    [Fact]
    public void Greedy_takes_the_lowest_id_of_the_largest() => KernelDevice.InEachMode(device =>
    {
        var greedy = new SamplingParameters { Temperature = 0, TopP = 0.1f };
        foreach (var size in new[] { 6, 700, 5000 })
        {
            var row = LogitRows.Row("flat", size, 4);
            row[size / 2] = row[(size / 2) + 1] = row[size - 1] = 9;
            var batch = new SampleNucleusBatch(size);
            batch.Add(row, greedy, 0, 1, 2);
            foreach (var draw in batch.Run(device)[0])
            {
                Assert.Equal(size / 2, draw.Token);
                Assert.Equal(0, draw.FilteredLogprob);
                Assert.Equal(new ReferenceSampler(row, new SamplingParameters()).Logprob(draw.Token), draw.Logprob, 1e-6);
            }
        }
    });

    [Fact]
    public void A_row_that_is_not_finite_never_becomes_a_token() => KernelDevice.InEachMode(device =>
    {
        foreach (var size in new[] { 1, 64, 65, 1000 })
        {
            var batch = new SampleNucleusBatch(size);
            foreach (var bad in new[] { float.NaN, -float.NaN, float.PositiveInfinity })
            {
                foreach (var place in new[] { 0, size / 2, size - 1 })
                {
                    var row = LogitRows.Row("flat", size, 1);
                    row[place] = bad;
                    batch.Add(row, new SamplingParameters(), 1, 2);
                }
            }
            batch.Add([.. Enumerable.Repeat(float.NegativeInfinity, size)], new SamplingParameters { Temperature = 0 }, 1, 2);
            batch.AddScores([.. Enumerable.Repeat(float.NaN, size)], 0);
            foreach (var draw in batch.Run(device).SelectMany(draws => draws))
            {
                Assert.Equal(-1, draw.Token);
                Assert.True(float.IsNaN(draw.Logprob) && float.IsNaN(draw.FilteredLogprob));
            }
        }
    });

    [Fact]
    public void A_score_is_the_log_probability_of_the_target_in_the_bits_that_a_draw_gives() => KernelDevice.InEachMode(device =>
    {
        var row = LogitRows.Row("language model", 5000, 2);
        row[17] = float.NegativeInfinity;
        var reference = new ReferenceSampler(row, new SamplingParameters { Temperature = 1, TopP = 1 });
        var draws = new SampleNucleusBatch(5000);
        draws.Add(row, new SamplingParameters { Temperature = 1, TopP = 1 }, Samples);
        draws.Add(row, new SamplingParameters { Temperature = 2.5f, TopK = 100 }, Samples);
        var drawn = draws.Run(device);
        Assert.All(drawn[0], draw => Assert.Equal(draw.Logprob, draw.FilteredLogprob));

        var scores = new SampleNucleusBatch(5000);
        foreach (var draw in drawn.SelectMany(draws => draws))
            scores.AddScores(row, draw.Token);
        scores.AddScores(row, 0, 17, 4999, 5000, -1);
        var scored = scores.Run(device);
        Assert.Equal(drawn.SelectMany(draws => draws).Select(draw => draw.Logprob), scored[..^1].Select(score => score[0].Logprob));
        Assert.Equal([0, 17, 4999, -1, -1], scored[^1].Select(score => score.Token));
        Assert.Equal(reference.Logprob(0), scored[^1][0].Logprob, 1e-5);
        Assert.Equal(float.NegativeInfinity, scored[^1][1].Logprob);
        Assert.All(scored[^1], score => Assert.Equal(score.Logprob, score.FilteredLogprob));
    });

    [Fact]
    public void Bf16_logits_draw_what_their_values_draw_in_single_precision() => KernelDevice.InEachMode(device =>
    {
        const int size = 3002;
        var row = LogitRows.Row("flat", size, 9)
            .Select(x => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) & 0xFFFF0000)).ToArray();
        var (halves, singles) = (new SampleNucleusBatch(size) { Bf16 = true }, new SampleNucleusBatch(size));
        foreach (var batch in new[] { halves, singles })
        {
            batch.Add(row, new SamplingParameters(), Samples);
            batch.Add(row, new SamplingParameters { Temperature = 1, TopP = 1 }, Samples);
            batch.Add(row, new SamplingParameters { Temperature = 0 }, 0);
            batch.AddScores(row, 7, size - 1);
        }
        Assert.Equal(singles.Run(device).SelectMany(draws => draws), halves.Run(device).SelectMany(draws => draws));
    });

    [Fact]
    public void Frequencies_match_the_probabilities() => KernelDevice.InEachMode(device =>
    {
        const int draws = 5_000;
        var row = LogitRows.Row("language model", 22, 3);
        var parameters = new SamplingParameters { Temperature = 1.3f, TopP = 0.98f };
        var reference = new ReferenceSampler(row, parameters);
        var counts = new int[row.Length];
        var batch = new SampleNucleusBatch(row.Length);
        batch.Add(row, parameters, [.. Enumerable.Range(0, draws)]);
        foreach (var draw in batch.Run(device)[0])
            counts[draw.Token]++;

        var likely = Enumerable.Range(0, row.Length).Where(token => reference.Probabilities[token] > 0).ToArray();
        Assert.Equal(draws, likely.Sum(token => counts[token]));
        var chiSquare = likely.Sum(token =>
        {
            var expected = draws * reference.Probabilities[token];
            return (counts[token] - expected) * (counts[token] - expected) / expected;
        });
        // Mean likely - 1 and variance twice that; five deviations.
        Assert.InRange(chiSquare, 0, likely.Length - 1 + (5 * Math.Sqrt(2.0 * likely.Length)));
    });

    private static void CompareAll(
        KernelDevice device, int size, (string Shape, float[] Row, SamplingParameters Parameters)[] cases, SampleNucleusAgreement agreement)
    {
        var batch = new SampleNucleusBatch(size);
        foreach (var (_, row, parameters) in cases)
            batch.Add(row, parameters, Samples);
        var results = batch.Run(device);
        for (var i = 0; i < cases.Length; i++)
            agreement.Compare(cases[i].Row, cases[i].Parameters, Samples, results[i], cases[i].Shape);
    }

    /// <summary>The tokens that many draws give, ascending.</summary>
    private static IEnumerable<int> Support(KernelDevice device, float[] row, SamplingParameters parameters)
    {
        var batch = new SampleNucleusBatch(row.Length);
        batch.Add(row, parameters, [.. Enumerable.Range(0, 500)]);
        return batch.Run(device)[0].Select(draw => draw.Token).Distinct().Order();
    }
}
