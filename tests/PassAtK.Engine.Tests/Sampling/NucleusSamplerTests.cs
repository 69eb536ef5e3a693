using System.Runtime.Intrinsics;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;

namespace PassAtK.Engine.Tests.Sampling;

public sealed class NucleusSamplerTests
{
    /// <summary>
    /// Decisions closer than this (in probability; relative, for min-p) to another one may differ from the reference's, since weights
    /// are single precision. The tests count how often that happens.
    /// </summary>
    private const double Tolerance = 1e-6;

    private static readonly int[] Sizes = [1, 2, 15, 16, 17, 22, 63, 64, 65, 1000, 1024, 1025, 5000];

    [Fact]
    public void Draws_and_survivors_agree_with_a_full_sort_in_double_precision()
    {
        var tally = new Tally();
        foreach (var shape in RandomRows.Shapes)
        {
            foreach (var size in Sizes)
            {
                for (var seed = 0; seed < 12; seed++)
                    Compare(RandomRows.Row(shape, size, seed), RandomRows.Parameters((seed * 1000) + size), tally, shape);
            }
        }
        tally.AssertExceptionsAreRare();
    }

    [Fact]
    public void Large_vocabularies_agree_with_a_full_sort_in_double_precision()
    {
        var tally = new Tally();
        foreach (var (shape, size) in new[]
        {
            ("language model", 49_152), ("flat", 49_152), ("quantised", 49_152), ("all equal", 49_152), ("peaked", 151_936),
            ("flat", 151_936), ("mostly masked", 151_936), ("spikes", 262_144), ("two levels", 262_143), ("striped", 49_152),
            ("striped levels", 49_152), ("signed zeros", 40_000), ("descending", 49_152), ("light tail", 49_152), ("huge", 50_000),
        })
        {
            var row = RandomRows.Row(shape, size, 5);
            for (var seed = 0; seed < 4; seed++)
                Compare(row, RandomRows.Parameters(seed + size), tally, shape);
            Compare(row, new SamplingParameters(), tally, shape);
            Compare(row, new SamplingParameters { Temperature = 1, TopP = 0.9f, TopK = size / 2 }, tally, shape);
        }
        tally.AssertExceptionsAreRare();
    }

    [Fact]
    public void Ties_at_the_edge_keep_the_lower_id()
    {
        float[] row = [1, 5, 1, 5, 5, 1, 5];
        Assert.Equal([1, 3, 4], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 1, TopK = 3 }));
        Assert.Equal([0, 1, 3, 4, 6], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 1, TopK = 5 }));
        // Four equal tokens have 0.986 of the mass: 0.7 of it takes the first three.
        Assert.Equal([1, 3, 4], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 0.7f }));
    }

    [Fact]
    public void The_token_that_reaches_top_p_exactly_is_the_last()
    {
        var row = new float[8];
        Assert.Equal([0, 1, 2, 3], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 0.5f }));
        Assert.Equal([0, 1, 2, 3, 4], Survivors(row, new SamplingParameters { Temperature = 1, TopP = MathF.BitIncrement(0.5f) }));
    }

    [Fact]
    public void Top_p_refers_to_the_mass_that_top_k_left_and_not_to_what_min_p_will_leave()
    {
        // Shares 0.4, 0.3, 0.2, 0.1; top-k 3 leaves 4/9, 3/9, 2/9, of which top-p 0.7 takes two; min-p 0.7 keeps both.
        float[] row = [MathF.Log(0.4f), MathF.Log(0.3f), MathF.Log(0.2f), MathF.Log(0.1f)];
        Assert.Equal([0, 1], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 0.7f, TopK = 3, MinP = 0.7f }));
        Assert.Equal([0, 1, 2], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 0.78f, TopK = 3, MinP = 0.4f }));
        Assert.Equal([0, 1], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 0.75f, TopK = 3, MinP = 0.7f }));
        Assert.Equal([0], Survivors(row, new SamplingParameters { Temperature = 1, TopP = 0.99f, TopK = 3, MinP = 0.8f }));
    }

    [Fact]
    public void Greedy_takes_the_lowest_id_of_the_largest()
    {
        float[] row = [0, 7, -1, 7, 7, 2];
        foreach (var draw in Draw(row, new SamplingParameters { Temperature = 0, TopP = 0.1f }, 5))
        {
            Assert.Equal(1, draw.Token);
            Assert.Equal(0, draw.FilteredLogprob);
            Assert.Equal(new ReferenceSampler(row, new SamplingParameters()).Logprob(1), draw.Logprob, 1e-6);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_row_with_a_NaN_or_an_infinity_never_becomes_a_token(float bad)
    {
        foreach (var size in Sizes)
        {
            foreach (var place in new[] { 0, size / 2, size - 1 })
            {
                var row = RandomRows.Row("flat", size, 1);
                row[place] = bad;
                AssertNotFinite(row);
            }
        }
    }

    [Fact]
    public void A_row_without_a_finite_logit_never_becomes_a_token()
    {
        foreach (var size in Sizes)
            AssertNotFinite([.. Enumerable.Repeat(float.NegativeInfinity, size)]);
    }

    [Fact]
    public void Impossible_tokens_are_not_drawn_at_either_end()
    {
        var row = RandomRows.Row("mostly masked", 3000, 4);
        row.AsSpan(0, 200).Fill(float.NegativeInfinity);
        row.AsSpan(2800).Fill(float.NegativeInfinity);
        foreach (var parameters in new[]
        {
            new SamplingParameters { Temperature = 1, TopP = 1 }, new SamplingParameters { Temperature = 1, TopP = 0.99999f },
            new SamplingParameters { Temperature = 1e30f, TopP = 1 }, new SamplingParameters { Temperature = 1, TopP = 1, TopK = 2500 },
        })
        {
            var filtered = Filtered(row, parameters);
            foreach (var u in new[] { 0, double.Epsilon, 1 / 18014398509481984.0, 0.5, Math.BitDecrement(1), 1 })
                Assert.True(float.IsFinite(row[filtered.Draw(row, u).Token]));
        }
    }

    [Fact]
    public void A_score_is_the_log_probability_of_the_target()
    {
        var row = RandomRows.Row("language model", 5000, 2);
        row[17] = float.NegativeInfinity;
        var reference = new ReferenceSampler(row, new SamplingParameters { Temperature = 1, TopP = 1 });
        var sampler = new NucleusSampler(row.Length);
        var draws = new TokenDraw[1];
        foreach (var target in new[] { 0, 17, 4999 })
        {
            sampler.Sample(row, Request(new SamplingParameters { Temperature = 1, TopP = 1 }) with { Scores = true }, [target], draws);
            Assert.Equal(target, draws[0].Token);
            Assert.Equal(reference.Logprob(target), draws[0].Logprob, 1e-5);
            Assert.Equal(draws[0].Logprob, draws[0].FilteredLogprob);
        }
    }

    [Fact]
    public void Without_filters_at_temperature_1_both_log_probabilities_are_one()
    {
        foreach (var draw in Draw(RandomRows.Row("language model", 5000, 3), new SamplingParameters { Temperature = 1, TopP = 1 }, 100))
            Assert.Equal(draw.Logprob, draw.FilteredLogprob);
    }

    [Fact]
    public void The_log_probability_of_a_token_is_the_same_however_it_was_drawn()
    {
        var row = RandomRows.Row("language model", 5000, 6);
        var scored = new TokenDraw[1];
        var sampler = new NucleusSampler(row.Length);
        for (var seed = 0; seed < 30; seed++)
        {
            foreach (var draw in Draw(row, RandomRows.Parameters(seed), 10))
            {
                sampler.Sample(row, Request(new SamplingParameters()) with { Scores = true }, [draw.Token], scored);
                Assert.Equal(scored[0].Logprob, draw.Logprob);
            }
        }
    }

    [Fact]
    public void One_call_with_many_samples_draws_what_many_calls_draw()
    {
        foreach (var shape in RandomRows.Shapes)
        {
            var row = RandomRows.Row(shape, 5000, 8);
            var request = Request(RandomRows.Parameters(8));
            int[] samples = [.. Enumerable.Range(100, 50), 3, 3];
            var together = new TokenDraw[samples.Length];
            new NucleusSampler(row.Length).Sample(row, request, samples, together);

            var sampler = new NucleusSampler(row.Length);
            for (var i = samples.Length - 1; i >= 0; i--)
            {
                var alone = new TokenDraw[1];
                sampler.Sample(row, request, samples.AsSpan(i, 1), alone);
                Assert.Equal(together[i], alone[0]);
            }
            Assert.Equal(together[^1], together[^2]);
        }
    }

    [Fact]
    public void Earlier_rows_leave_no_trace()
    {
        int[] samples = [.. Enumerable.Range(0, 20)];
        var (fresh, used) = (new TokenDraw[samples.Length], new TokenDraw[samples.Length]);
        var sampler = new NucleusSampler(9001);
        for (var seed = 0; seed < 60; seed++)
        {
            var row = RandomRows.Row(RandomRows.Shapes[seed % RandomRows.Shapes.Length], 9001, seed);
            var request = Request(RandomRows.Parameters(seed));
            sampler.Sample(row, request, samples, used);
            new NucleusSampler(9001).Sample(row, request, samples, fresh);
            Assert.Equal(fresh, used);
        }
    }

    [Fact]
    public void All_vector_widths_draw_the_same_bits()
    {
        IRowPasses[] widths =
        [
            new RowPasses<Lanes512, Vector512<double>>(), new RowPasses<Lanes256, Lanes256.Sums>(),
            new RowPasses<Lanes128, Lanes128.Sums>(),
        ];
        int[] samples = [.. Enumerable.Range(0, 40)];
        foreach (var shape in RandomRows.Shapes)
        {
            foreach (var size in Sizes)
            {
                var row = RandomRows.Row(shape, size, 21);
                var request = Request(RandomRows.Parameters(size));
                var draws = widths.Select(_ => new TokenDraw[samples.Length]).ToArray();
                for (var width = 0; width < widths.Length; width++)
                    new NucleusSampler(size, widths[width]).Sample(row, request, samples, draws[width]);
                Assert.Equal(draws[0], draws[1]);
                Assert.Equal(draws[0], draws[2]);
            }
        }
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        int[] samples = [.. Enumerable.Range(0, 10)];
        var draws = new TokenDraw[samples.Length];
        foreach (var shape in RandomRows.Shapes)
        {
            var row = RandomRows.Row(shape, 20_000, 2);
            var sampler = new NucleusSampler(row.Length);
            for (var seed = 0; seed < 5; seed++)
            {
                var request = Request(RandomRows.Parameters(seed));
                // A runtime that recompiles a method now and then allocates on its own account; a call that allocates does so every time.
                var least = long.MaxValue;
                for (var call = 0; call < 5; call++)
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    sampler.Sample(row, request, samples, draws);
                    least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
                }
                Assert.Equal(0, least);
            }
        }
    }

    [Fact]
    public void Lengths_and_targets_that_do_not_fit_are_refused()
    {
        var sampler = new NucleusSampler(4);
        var request = Request(new SamplingParameters());
        Assert.Throws<ArgumentException>(() => sampler.Sample(new float[5], request, [0], new TokenDraw[1]));
        Assert.Throws<ArgumentException>(() => sampler.Sample(new float[4], request, [0, 1], new TokenDraw[1]));
        Assert.Throws<ArgumentException>(() => sampler.Sample(new float[4], request with { Scores = true }, [4], new TokenDraw[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NucleusSampler(0));
    }

    private static LogitsRow Request(SamplingParameters parameters) => new(0, parameters, 11, 22, 33, 0, 0);

    private static TokenDraw[] Draw(float[] row, SamplingParameters parameters, int count)
    {
        var draws = new TokenDraw[count];
        new NucleusSampler(row.Length).Sample(row, Request(parameters), [.. Enumerable.Range(0, count)], draws);
        return draws;
    }

    private static void AssertNotFinite(float[] row)
    {
        foreach (var temperature in new[] { 0, 0.6f, 1 })
        {
            foreach (var draw in Draw(row, new SamplingParameters { Temperature = temperature }, 3))
                Assert.Equal(TokenDraw.NotFinite, draw.Token);
        }
    }

    private static FilteredRow Filtered(float[] row, SamplingParameters parameters)
    {
        var filtered = new FilteredRow(row.Length, RowPasses.Widest);
        Assert.True(filtered.TryLoad(row));
        filtered.Filter(row, parameters);
        return filtered;
    }

    private static int[] Survivors(float[] row, SamplingParameters parameters)
    {
        var cutoff = Filtered(row, parameters).Cutoff;
        return [.. Enumerable.Range(0, row.Length).Where(i => cutoff.Keeps(row[i], i))];
    }

    private static void Compare(float[] row, SamplingParameters parameters, Tally tally, string shape)
    {
        var reference = new ReferenceSampler(row, parameters);
        var filtered = Filtered(row, parameters);
        tally.Rows++;

        // A weight that a float cannot hold counts as 0 and its token is never drawn, whatever the cutoff says.
        int[] expected = [.. reference.Order.Where(i => !reference.IsNegligible(i)).Order()];
        int[] actual = [.. Enumerable.Range(0, row.Length).Where(i => filtered.Cutoff.Keeps(row[i], i) && !reference.IsNegligible(i))];
        if (!expected.AsSpan().SequenceEqual(actual))
        {
            Assert.True(reference.FilterMargin < Tolerance, $"{shape} [{row.Length}] {parameters}: survivors differ");
            tally.DifferentRows++;
            return;
        }

        for (var i = 0; i < 40; i++)
        {
            var u = i switch { 0 => 1 / 18014398509481984.0, 1 => Math.BitDecrement(1), _ => Philox.Uniform(5, 6, i, row.Length) };
            var (token, margin) = reference.Draw(u);
            var draw = filtered.Draw(row, u);
            tally.Draws++;
            if (draw.Token != token)
            {
                Assert.True(margin < Tolerance, $"{shape} [{row.Length}] {parameters}: drew {draw.Token}, expected {token} at {u}");
                tally.DifferentDraws++;
                token = draw.Token;
            }
            Assert.True(reference.Probabilities[token] > 0);
            AssertLogprob(reference.Logprob(token), draw.Logprob);
            AssertLogprob(Math.Log(reference.Probabilities[token]), draw.FilteredLogprob);
        }
    }

    /// <summary>Within 1e-6 plus the rounding of a float of this size.</summary>
    private static void AssertLogprob(double expected, float actual) =>
        Assert.Equal(expected, actual, 1e-6 + (Math.Abs(expected) * 1e-7));

    private sealed class Tally
    {
        public int Rows, DifferentRows, Draws, DifferentDraws;

        public void AssertExceptionsAreRare()
        {
            TestContext.Current.SendDiagnosticMessage(
                $"{DifferentRows} of {Rows} rows and {DifferentDraws} of {Draws} draws differ within the tolerance");
            Assert.InRange(DifferentRows, 0, Rows / 100);
            Assert.InRange(DifferentDraws, 0, Draws / 10_000);
        }
    }
}
