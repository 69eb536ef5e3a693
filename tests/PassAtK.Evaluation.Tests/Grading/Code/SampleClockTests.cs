using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Tests.Grading.Code;

public sealed class SampleClockTests
{
    private static readonly CodeLimits Limits = new() { Time = TimeSpan.FromSeconds(1), MostStretch = 10 };

    /// <summary>How much of each second goes to what, and after how many seconds on the wall it ends how.</summary>
    [Theory]
    [InlineData(0, 0, TimeOut.Spent, 1)] // Sleeps.
    [InlineData(1, 0, TimeOut.Spent, 1)] // Computes.
    [InlineData(0.25, 0.75, TimeOut.Spent, 4)] // Computes beside three others.
    [InlineData(0.25, 0.5, TimeOut.Spent, 2)] // Sleeps now and then.
    [InlineData(2, 0.9, TimeOut.Spent, 1)] // Computes with many threads.
    [InlineData(0.01, 0.99, TimeOut.Starved, 10)]
    public void Waiting_for_a_processor_does_not_count(double processor, double waiting, object result, double seconds)
    {
        var (wall, killed) = (0.0, 0);
        var clock = new SampleClock(
            Limits, () => new ProcessTimes(TimeSpan.FromSeconds(processor * wall), TimeSpan.FromSeconds(waiting * wall)), () => killed++);

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
        var clock = new SampleClock(Limits, () => default(ProcessTimes), () => { });

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
        var stopped = new SampleClock(Limits, () => default(ProcessTimes), () => killed++);
        var ended = new SampleClock(Limits, () => default(ProcessTimes), () => killed++);

        stopped.Stop();
        for (var n = 0; n < 100; n++)
        {
            stopped.Tick(TimeSpan.FromSeconds(0.1));
            ended.Tick(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal((TimeOut.None, TimeOut.Spent, 1), (stopped.Result, ended.Result, killed));
    }

    [Fact]
    public void A_sample_whose_process_has_ended_is_not_ended_for_its_time()
    {
        var gone = false;
        var clock = new SampleClock(
            Limits, () => gone ? null : new ProcessTimes(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(4.9)), () => { });

        for (var n = 0; n < 50; n++)
        {
            gone = n > 40;
            clock.Tick(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal(TimeOut.None, clock.Result);
    }
}
