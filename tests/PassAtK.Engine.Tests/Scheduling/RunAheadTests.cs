using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Tests.Scheduling;

/// <summary>A step submitted while the one before runs changes when things are computed, and nothing else.</summary>
public class RunAheadTests
{
    private static readonly SamplingParameters Plain = new() { Temperature = 1, TopP = 1 };

    private sealed record Outcome(Dictionary<(string, int), Completion> Completions, EngineStatistics Statistics, PrefixBackend Backend);

    [Fact]
    public void Depth_two_gives_the_samples_of_depth_one_which_are_those_drawn_alone()
    {
        var (ahead, preempted) = (0, 0);
        for (var seed = 0; seed < 250; seed++)
        {
            var random = new Random(seed);
            var requests = Requests(random);
            var (blocks, rows, sharpness) = (random.Next(3) == 0 ? 2000 : random.Next(8, 30), random.Next(1, 60), random.Next(1, 12));
            var options = new EngineOptions
            {
                Share = random.Next(3) > 0,
                MaxRows = random.Next(1, 70),
                IgnoreEndOfSequence = random.Next(4) == 0,
            };
            var one = Run(new PrefixBackend(blocks, rows) { Sharpness = sharpness }, options, requests);
            var two = Run(new PrefixBackend(blocks, rows) { Sharpness = sharpness, PipelineDepth = 2 }, options, requests);

            Assert.Equal(requests.Sum(request => request.Samples.Count), one.Completions.Count);
            Assert.Equal(one.Completions.Count, two.Completions.Count);
            foreach (var (key, completion) in one.Completions)
            {
                var other = two.Completions[key];
                Assert.Equal(completion.Tokens, other.Tokens);
                Assert.Equal(completion.Logprobs, other.Logprobs);
                Assert.Equal(completion.Finish, other.Finish);
                var request = requests.Single(request => request.ProblemId == key.Item1);
                if (!options.IgnoreEndOfSequence)
                    Assert.Equal(one.Backend.DrawAlone(request, key.Item2), completion.Tokens);
            }
            Assert.Equal(one.Statistics.ComputedRows, two.Statistics.ComputedRows);
            Assert.Equal(one.Statistics.RowsByDepth, two.Statistics.RowsByDepth);
            Assert.Equal(one.Statistics.TokensByDepth, two.Statistics.TokensByDepth);
            Assert.Equal(0, one.Statistics.AbandonedRows);
            if (one.Statistics.Preemptions == 0 && two.Statistics.Preemptions == 0)
                Assert.Equal(one.Statistics.PrefilledRows, two.Statistics.PrefilledRows);
            Assert.Equal(1, one.Backend.MostInFlight);
            ahead += two.Backend.MostInFlight == 2 ? 1 : 0;
            preempted += two.Statistics.Preemptions > 0 ? 1 : 0;
        }
        Assert.InRange(ahead, 150, 250);
        Assert.InRange(preempted, 50, 250);
    }

    [Fact]
    public void Samples_that_end_at_a_token_leave_an_abandoned_row_and_those_that_end_by_length_none()
    {
        var request = Request("ends", [3, 4], samples: 30, maxTokens: 60);
        var options = new EngineOptions { Share = false };
        var ended = Run(new PrefixBackend(1000, 64) { PipelineDepth = 2 }, options, [request]);
        Assert.InRange(ended.Statistics.AbandonedRows, 1, 30);
        var full = Run(
            new PrefixBackend(1000, 64, maxPositions: 40) { PipelineDepth = 2 }, options with { IgnoreEndOfSequence = true }, [request]);
        Assert.Equal(0, full.Statistics.AbandonedRows);
        Assert.Equal(2, full.Backend.MostInFlight);
        Assert.All(full.Completions.Values, completion => Assert.Equal(38, completion.Tokens.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_problems_samples_take_as_many_steps_as_tokens(bool share)
    {
        // Nothing can run ahead of the root's draws, and nothing waits once all have parted.
        var options = new EngineOptions { Share = share, IgnoreEndOfSequence = true };
        var backend = new PrefixBackend(10_000, 256, vocabulary: 5000) { PipelineDepth = 2, Sharpness = 0 };
        var outcome = Run(backend, options, [Request("wide", [2, 3, 4], samples: 256, maxTokens: 12)]);
        Assert.InRange(outcome.Statistics.Steps, 12, 14);
        Assert.Equal(2, backend.MostInFlight);
    }

    [Fact]
    public void A_step_is_not_planned_ahead_while_most_of_its_rows_would_wait()
    {
        // All samples stay together for long: each step needs the draws of the one before.
        var backend = new PrefixBackend(1000, 256) { PipelineDepth = 2, Sharpness = 60 };
        var options = new EngineOptions { IgnoreEndOfSequence = true };
        var outcome = Run(backend, options, [Request("together", [2, 3], samples: 64, maxTokens: 20)]);
        Assert.InRange(outcome.Statistics.ComputedRows, 20, 200);
        Assert.InRange(outcome.Statistics.Steps, 20, 24);
    }

    [Fact]
    public void The_most_likely_tokens_are_one_branch_that_runs_ahead()
    {
        var request = Request("greedy", [2, 3], samples: 9, maxTokens: 20) with { Parameters = new SamplingParameters { Temperature = 0 } };
        var options = new EngineOptions { IgnoreEndOfSequence = true };
        var two = Run(new PrefixBackend(1000, 64) { PipelineDepth = 2 }, options, [request]);
        var one = Run(new PrefixBackend(1000, 64), options, [request]);
        Assert.Equal(2, two.Backend.MostInFlight);
        Assert.Equal(20, two.Statistics.ComputedRows);
        Assert.All(two.Completions, pair => Assert.Equal(one.Completions[pair.Key].Tokens, pair.Value.Tokens));
        Assert.Single(two.Completions.Values.Select(completion => completion.Tokens).Distinct());
    }

    [Fact]
    public void A_failed_row_leaves_no_step_in_flight()
    {
        var backend = new PrefixBackend(1000, 64) { PipelineDepth = 2, NotFiniteLength = 9 };
        var options = new EngineOptions { IgnoreEndOfSequence = true };
        var error = Assert.Throws<InputException>(() => Run(backend, options, [Request("bad", [2, 3], samples: 1, maxTokens: 30)]));
        Assert.Contains("Problem 'bad', sample 0, position 7:", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, backend.MostInFlight);
        Assert.Equal(0, backend.InFlight);
        Assert.Single(Run(backend, options, [Request("good", [2, 3], samples: 1, maxTokens: 6)]).Completions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Siblings_that_start_again_together_compute_their_common_blocks_once(int depth)
    {
        // The first problem's growth pushes out the branches of the second, whose prompt fills four blocks.
        var backend = new PrefixBackend(24, 200) { PipelineDepth = depth, Sharpness = 1, RepeatedBelow = 64 };
        int[] prompt = [.. Enumerable.Range(0, 66).Select(index => 2 + (index % 5))];
        var requests = new[] { Request("grows", [6, 6], samples: 4, maxTokens: 90), Request("pushed", prompt, samples: 5, maxTokens: 40) };
        var outcome = Run(backend, new EngineOptions { IgnoreEndOfSequence = true }, requests);
        Assert.True(outcome.Statistics.Preemptions > 0);
        Assert.True(outcome.Statistics.RecomputedRows >= 64);
        Assert.Equal(0, backend.RepeatedRows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Given_tokens_are_scored_in_chunks(int depth)
    {
        var request = Request("given", [2, 3, 4], samples: 1, maxTokens: 1) with
        {
            Given = new Dictionary<int, int[]> { [0] = [.. Enumerable.Repeat(5, 100)] },
            Parameters = new SamplingParameters { Temperature = -1 },
        };
        // 102 rows: the last token is scored, not fed.
        var outcome = Run(new PrefixBackend(100, 50) { PipelineDepth = depth }, new EngineOptions(), [request]);
        Assert.Equal(3, outcome.Statistics.Steps);
        Assert.Equal(100, outcome.Statistics.ComputedRows);
        Assert.Equal(2, outcome.Statistics.PrefilledRows);
        Assert.Equal(depth, outcome.Backend.MostInFlight);
    }

    private static Outcome Run(PrefixBackend backend, EngineOptions options, IReadOnlyList<SampleRequest> requests)
    {
        var engine = new SamplingEngine(backend, null, options);
        var completions = new Dictionary<(string, int), Completion>();
        engine.Run(
            requests,
            completion => completions.Add((completion.ProblemId, completion.Sample), completion),
            TestContext.Current.CancellationToken);
        Assert.Equal(0, backend.InFlight);
        return new Outcome(completions, engine.Statistics, backend);
    }

    private static List<SampleRequest> Requests(Random random)
    {
        var requests = new List<SampleRequest>();
        for (var index = random.Next(1, 7); index > 0; index--)
        {
            int[] prompt = [.. Enumerable.Range(0, random.Next(1, 50)).Select(_ => random.Next(2, 7))];
            requests.Add(Request($"problem-{index}", prompt, random.Next(1, 25), random.Next(1, 60)) with
            {
                Seed = (ulong)random.NextInt64(),
                Parameters = random.Next(5) == 0 ? new SamplingParameters { Temperature = 0 } : Plain,
            });
        }
        return requests;
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
}
