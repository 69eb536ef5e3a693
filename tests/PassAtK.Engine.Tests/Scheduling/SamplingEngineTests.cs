using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Tests.Scheduling;

public class SamplingEngineTests
{
    private static readonly SamplingParameters Plain = new() { Temperature = 1, TopP = 1 };

    [Theory]
    [InlineData(true, 1, 10_000)]
    [InlineData(true, 256, 10_000)]
    [InlineData(true, 5, 12)]
    [InlineData(true, 64, 12)]
    [InlineData(true, 64, 40)]
    [InlineData(false, 1, 12)]
    [InlineData(false, 64, 10_000)]
    [InlineData(false, 64, 40)]
    public void Every_sample_is_the_one_drawn_alone(bool share, int maxRows, int blocks)
    {
        var backend = new PrefixBackend(blocks, maxRows);
        var requests = RandomRequests(problems: 12, mostSamples: 40, seed: 5);
        var engine = new SamplingEngine(backend, null, new EngineOptions { Share = share });

        var completions = Run(engine, requests);

        Assert.Equal(requests.Sum(request => request.Samples.Count), completions.Count);
        foreach (var request in requests)
        {
            foreach (var sample in request.Samples)
            {
                var completion = completions[(request.ProblemId, sample)];
                Assert.Equal(backend.DrawAlone(request, sample), completion.Tokens);
                var ended = backend.Config.EndOfSequenceTokens.Contains(completion.Tokens[^1]);
                Assert.Equal(ended ? FinishReason.Stop : FinishReason.Length, completion.Finish);
            }
        }
    }

    [Fact]
    public void Random_shapes_of_cache_batch_and_problems_change_no_sample()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var requests = RandomRequests(random.Next(1, 8), random.Next(1, 30), seed);
            var backend = new PrefixBackend(random.Next(8, 60), random.Next(1, 40)) { Sharpness = random.Next(1, 12) };
            var engine = new SamplingEngine(backend, null, new EngineOptions { Share = random.Next(3) > 0, MaxRows = random.Next(1, 50) });
            var completions = Run(engine, requests);
            foreach (var ((problem, sample), completion) in completions)
                Assert.Equal(backend.DrawAlone(requests.Single(request => request.ProblemId == problem), sample), completion.Tokens);
            Assert.Equal(requests.Sum(request => request.Samples.Count), completions.Count);
        }
    }

    [Fact]
    public void Siblings_that_draw_the_same_token_share_one_row()
    {
        var backend = new PrefixBackend(10_000, 256) { Sharpness = 12 };
        var request = Request("shared", [3, 4, 5], samples: 200, maxTokens: 20);
        var engine = new SamplingEngine(backend, null, new EngineOptions());
        var completions = Run(engine, [request]);

        var prefixes = new HashSet<string>();
        foreach (var completion in completions.Values)
        {
            for (var length = 0; length < completion.Tokens.Length; length++)
                prefixes.Add(string.Join(' ', completion.Tokens[..length]));
        }
        Assert.Equal(prefixes.Count, engine.Statistics.ComputedRows);
        Assert.Equal(completions.Values.Sum(completion => completion.Tokens.Length), engine.Statistics.SampledTokens);
        Assert.Equal(engine.Statistics.SampledTokens, engine.Statistics.TokensByDepth.Sum());
        Assert.Equal(engine.Statistics.ComputedRows, engine.Statistics.RowsByDepth.Sum());
        Assert.Equal(1, engine.Statistics.RowsByDepth[0]);
        Assert.Equal(2, engine.Statistics.PrefilledRows);
        Assert.True(engine.Statistics.ComputedRows < engine.Statistics.SampledTokens / 3);
    }

    [Fact]
    public void Without_sharing_every_sampled_token_but_the_first_has_its_own_row()
    {
        var backend = new PrefixBackend(10_000, 256);
        var engine = new SamplingEngine(backend, null, new EngineOptions { Share = false });
        Run(engine, [Request("alone", [3, 4, 5], samples: 50, maxTokens: 20)]);
        Assert.Equal(engine.Statistics.SampledTokens - 49, engine.Statistics.ComputedRows);
    }

    [Fact]
    public void A_small_cache_preempts_and_computes_again()
    {
        var engine = new SamplingEngine(new PrefixBackend(12, 64) { Sharpness = 1 }, null, new EngineOptions());
        Run(engine, RandomRequests(problems: 6, mostSamples: 30, seed: 2));
        Assert.True(engine.Statistics.Preemptions > 0);
        Assert.True(engine.Statistics.RecomputedRows > 0);
    }

    [Fact]
    public void All_blocks_are_free_at_the_end()
    {
        var statistics = new EngineStatistics();
        using var scheduler = new Scheduler(
            new PrefixBackend(40, 16), tokenizer: null, new EngineOptions(), statistics, RandomRequests(8, 30, 3), _ => { });
        while (scheduler.Step())
        {
        }
        Assert.Equal(0, scheduler.BlocksInUse);
    }

    [Fact]
    public void The_batch_option_bounds_the_rows_of_a_step()
    {
        var backend = new PrefixBackend(1000, 64);
        Run(new SamplingEngine(backend, null, new EngineOptions { MaxRows = 7 }), RandomRequests(5, 20, 4));
        Assert.Equal(7, backend.LargestStep);
    }

    [Fact]
    public void Ignoring_the_end_of_sequence_generates_to_the_limit()
    {
        var engine = new SamplingEngine(new PrefixBackend(1000, 64), null, new EngineOptions { IgnoreEndOfSequence = true });
        var completions = Run(engine, [Request("long", [2], samples: 20, maxTokens: 33)]);
        Assert.All(completions.Values, completion => Assert.Equal(33, completion.Tokens.Length));
        Assert.All(completions.Values, completion => Assert.Equal(FinishReason.Length, completion.Finish));
    }

    [Fact]
    public void A_sample_ends_with_the_models_context()
    {
        var backend = new PrefixBackend(1000, 64, maxPositions: 24) { Sharpness = 1 };
        var request = Request("edge", [2, 3, 4, 5, 6], samples: 2000, maxTokens: 100);
        var completions = Run(new SamplingEngine(backend, null, new EngineOptions()), [request]);
        Assert.Equal(19, completions.Values.Max(completion => completion.Tokens.Length));
        Assert.Contains(completions.Values, completion => completion.Finish == FinishReason.Length);
    }

    [Theory]
    [InlineData(64, 1000, 1)]
    [InlineData(3, 12, 1)]
    [InlineData(64, 1000, 2)]
    [InlineData(3, 12, 2)]
    [InlineData(64, 12, 2)]
    public void Scoring_given_tokens_returns_the_log_probabilities_they_were_drawn_with(int maxRows, int blocks, int depth)
    {
        var backend = new PrefixBackend(blocks, maxRows) { PipelineDepth = depth };
        var request = Request("scored", [2, 3, 4], samples: 60, maxTokens: 30);
        var drawing = new SamplingEngine(backend, null, new EngineOptions());
        var drawn = Run(drawing, [request]);
        // Some samples end in the middle of others: a prefix that goes on for one and not for its sibling.
        var given = drawn.ToDictionary(pair => pair.Key.Item2, pair => pair.Value.Tokens[..^(pair.Value.Tokens.Length > 1 ? pair.Key.Item2 % 2 : 0)]);

        var scoring = new SamplingEngine(backend, null, new EngineOptions());
        var scored = Run(scoring, [request with { Given = given }]);

        Assert.Equal(drawn.Count, scored.Count);
        foreach (var (key, completion) in scored)
        {
            Assert.Equal(given[key.Item2], completion.Tokens);
            Assert.Equal(drawn[key].Logprobs[..completion.Tokens.Length], completion.Logprobs);
        }
        Assert.True(scoring.Statistics.ComputedRows <= drawing.Statistics.ComputedRows);
    }

    [Fact]
    public void Logits_that_are_no_numbers_name_problem_sample_and_position()
    {
        var backend = new PrefixBackend(1000, 64) { NotFiniteLength = 5 };
        var engine = new SamplingEngine(backend, null, new EngineOptions { IgnoreEndOfSequence = true });
        var request = Request("p-17", [2, 3], samples: 1, maxTokens: 9) with { Samples = [4] };
        var error = Assert.Throws<InputException>(() => Run(engine, [request]));
        Assert.Contains("Problem 'p-17', sample 4, position 3:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_that_cannot_fit_the_cache_is_refused()
    {
        var engine = new SamplingEngine(new PrefixBackend(3, 64), null, new EngineOptions());
        var error = Assert.Throws<InputException>(() => Run(engine, [Request("big", [2], samples: 1, maxTokens: 50)]));
        Assert.Equal(
            "Problem 'big' needs 5 KV cache blocks of 16 positions for one sample, and the cache has 3: give it more memory or lower " +
            "max-tokens.",
            error.Message);
    }

    [Theory]
    [InlineData(new int[0], "empty prompt")]
    [InlineData(new[] { 2, 7 }, "prompt token 7 is outside the model's vocabulary of 7")]
    [InlineData(new[] { 2, -1 }, "prompt token -1 is outside")]
    public void A_bad_prompt_is_refused(int[] prompt, string expected)
    {
        var engine = new SamplingEngine(new PrefixBackend(30, 64), null, new EngineOptions());
        var error = Assert.Throws<InputException>(() => Run(engine, [Request("bad", prompt, samples: 1, maxTokens: 5)]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("'bad'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_hands_out_what_the_steps_so_far_finished()
    {
        using var cancellation = new CancellationTokenSource();
        var backend = new PrefixBackend(1000, 8);
        var requests = RandomRequests(6, 20, 9);
        var completions = new List<Completion>();
        var engine = new SamplingEngine(backend, null, new EngineOptions());
        Assert.Throws<OperationCanceledException>(() => engine.Run(
            requests,
            completion =>
            {
                completions.Add(completion);
                if (completions.Count == 10)
                    cancellation.Cancel();
            },
            cancellation.Token));
        Assert.InRange(completions.Count, 10, requests.Sum(request => request.Samples.Count) - 1);
        foreach (var completion in completions)
            Assert.Equal(backend.DrawAlone(requests.Single(r => r.ProblemId == completion.ProblemId), completion.Sample), completion.Tokens);
    }

    [Fact]
    public void Requests_are_taken_only_when_there_is_room()
    {
        var taken = 0;
        IEnumerable<SampleRequest> Requests()
        {
            for (var index = 0; index < 100; index++)
            {
                taken++;
                yield return Request($"lazy-{index}", [2, 3], samples: 8, maxTokens: 8);
            }
        }
        var most = 0;
        var done = 0;
        var engine = new SamplingEngine(new PrefixBackend(1000, 8), null, new EngineOptions());
        engine.Run(Requests(), _ => most = Math.Max(most, taken - (++done / 8)), TestContext.Current.CancellationToken);
        Assert.Equal(800, done);
        Assert.InRange(most, 1, 12);
    }

    private static Dictionary<(string, int), Completion> Run(SamplingEngine engine, IEnumerable<SampleRequest> requests)
    {
        var completions = new Dictionary<(string, int), Completion>();
        engine.Run(
            requests,
            completion => completions.Add((completion.ProblemId, completion.Sample), completion),
            TestContext.Current.CancellationToken);
        return completions;
    }

    private static SampleRequest Request(string id, int[] prompt, int samples, int maxTokens) => new()
    {
        ProblemId = id,
        Prompt = prompt,
        Parameters = Plain,
        Seed = 11,
        MaxTokens = maxTokens,
        Samples = [.. Enumerable.Range(0, samples)],
    };

    private static List<SampleRequest> RandomRequests(int problems, int mostSamples, int seed)
    {
        var random = new Random(seed);
        var requests = new List<SampleRequest>();
        for (var index = 0; index < problems; index++)
        {
            var prompt = Enumerable.Range(0, random.Next(1, 50)).Select(_ => random.Next(2, 7)).ToArray();
            var samples = Enumerable.Range(0, mostSamples).Where(_ => random.Next(4) > 0).ToArray();
            var request = Request($"problem-{index}", prompt, samples.Length, random.Next(1, 60)) with
            {
                Samples = samples,
                Seed = (ulong)random.NextInt64(),
            };
            requests.Add(request);
        }
        return requests;
    }
}
