using PassAtK.Engine.Sampling;
using PassAtK.Engine.Scheduling;

namespace PassAtK.Engine.Tests.Scheduling;

public class StepAllocationTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void A_decoding_step_allocates_nothing(int depth, bool share)
    {
        var backend = new PrefixBackend(4000, 64, maxPositions: 1000) { PipelineDepth = depth };
        var requests = Enumerable.Range(0, 3).Select(index => new SampleRequest
        {
            ProblemId = $"problem-{index}",
            Prompt = [2, 3, 4],
            Parameters = new SamplingParameters { Temperature = 1, TopP = 1 },
            Seed = 3,
            MaxTokens = 900,
            Samples = [.. Enumerable.Range(0, 12)],
        });
        var options = new EngineOptions { Share = share, IgnoreEndOfSequence = true };
        using var scheduler = new Scheduler(backend, tokenizer: null, options, new EngineStatistics(), requests, _ => { });
        for (var step = 0; step < 100; step++)
            scheduler.Step();

        // Token lists and block tables double now and then; a step that allocates does so always, so the quietest window tells.
        var least = long.MaxValue;
        for (var window = 0; window < 12; window++)
        {
            var (before, own) = (GC.GetAllocatedBytesForCurrentThread(), backend.Allocated);
            var runs = true;
            for (var step = 0; step < 10; step++)
                runs &= scheduler.Step();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before - (backend.Allocated - own));
            Assert.True(runs);
        }
        Assert.Equal(0, least);
    }
}
