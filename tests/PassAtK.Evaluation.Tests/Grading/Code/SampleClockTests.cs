using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Tests.Grading.Code;

public sealed class SampleClockTests
{
    private static readonly CodeLimits Limits = new() { Time = TimeSpan.FromSeconds(1), MostStretch = 10 };

    /// <summary>How much of each second goes to what, the threads, and after how many seconds on the wall it ends how.</summary>
    [Theory]
    [InlineData(0, 0, 1, TimeOut.Spent, 1)] // Sleeps.
    [InlineData(1, 0, 1, TimeOut.Spent, 1)] // Computes.
    [InlineData(0.25, 0.75, 1, TimeOut.Spent, 4)] // Computes beside three others.
    [InlineData(0.25, 0.5, 1, TimeOut.Spent, 2)] // Sleeps now and then.
    [InlineData(2, 0.9, 8, TimeOut.Spent, 1)] // Computes with many threads.
    [InlineData(0.01, 0.99, 1, TimeOut.Starved, 10)]
    [InlineData(0.01, 0.99, 2, TimeOut.Spent, 10)] // Its threads may have kept each other waiting.
    public void Waiting_for_a_processor_does_not_count(double processor, double waiting, int threads, object result, double seconds)
    {
        var (wall, killed) = (0.0, 0);
        var clock = new SampleClock(
            Limits, () => new ProcessTimes(TimeSpan.FromSeconds(processor * wall), TimeSpan.FromSeconds(waiting * wall), threads), () => killed++);

        while (killed == 0 && wall < 60)
        {
            wall += 0.02;
            clock.Tick(TimeSpan.FromSeconds(0.02));
        }

        Assert.Equal((TimeOut)result, clock.Result);
        Assert.InRange(wall, seconds - 0.001, seconds + 0.05);
    }

    [Fact]
    public void A_machine_that_stood_still_once_ends_no_sample()
    {
        var clock = new SampleClock(Limits, () => default, () => { });

        clock.Tick(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeOut.None, clock.Result);
        clock.Tick(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeOut.Spent, clock.Result);
        Assert.Equal(TimeSpan.FromSeconds(60), clock.Spent.Wall);
    }

    [Fact]
    public void A_clock_that_was_stopped_or_has_ended_a_sample_ends_nothing_more()
    {
        var killed = 0;
        var (stopped, ended) = (new SampleClock(Limits, () => default, () => killed++), new SampleClock(Limits, () => default, () => killed++));

        stopped.Stop();
        for (var n = 0; n < 100; n++)
        {
            stopped.Tick(TimeSpan.FromSeconds(0.1));
            ended.Tick(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal((TimeOut.None, TimeOut.Spent, 1), (stopped.Result, ended.Result, killed));
    }
}
