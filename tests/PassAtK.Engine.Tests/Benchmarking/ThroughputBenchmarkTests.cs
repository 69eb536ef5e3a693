using PassAtK.Engine.Benchmarking;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Scheduling;

namespace PassAtK.Engine.Tests.Benchmarking;

public class ThroughputBenchmarkTests
{
    private static readonly SamplingParameters Plain = new() { Temperature = 1, TopP = 1 };

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1, 2, true)]
    [InlineData(20, 1, false)]
    [InlineData(20, 2, false)]
    [InlineData(20, 2, true)]
    public void Tokens_after_each_samples_first_count_as_decoded(int batch, int depth, bool share)
    {
        var benchmark = new ThroughputBenchmark(new PrefixBackend(1000, 32) { PipelineDepth = depth });
        var result = benchmark.Measure(
            new ThroughputSettings(batch, Prompt: 40, Generate: 9, share, Plain), repetitions: 2, TestContext.Current.CancellationToken);
        Assert.Equal(batch * 8, result.DecodeTokensPerSecond * result.DecodeSeconds, 1e-6);
        var rows = result.ComputedRowsPerSecond * result.DecodeSeconds;
        Assert.True(share && batch > 1 ? rows < batch * 8 : Math.Abs(rows - (batch * 8)) < 1e-6);
        Assert.True(result.PrefillTokensPerSecond > 0);
        Assert.InRange(result.DecodeSteps, 8, 16);
    }

    [Fact]
    public void Fewer_than_two_tokens_leave_nothing_to_measure()
    {
        var benchmark = new ThroughputBenchmark(new PrefixBackend(100, 32));
        var error = Assert.Throws<InputException>(
            () => benchmark.Measure(new ThroughputSettings(1, 4, 1, true, Plain), 1, TestContext.Current.CancellationToken));
        Assert.Equal("tokens to generate is 1, expected at least 2: the first belongs to the prompt's time.", error.Message);
    }
}
