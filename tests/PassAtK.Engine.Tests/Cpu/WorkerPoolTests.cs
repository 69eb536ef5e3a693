using PassAtK.Engine.Cpu;

namespace PassAtK.Engine.Tests.Cpu;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_runs_once_fork_after_fork(int workers)
    {
        using var pool = new WorkerPool(workers);
        var runs = new int[100];
        for (var fork = 1; fork <= 2000; fork++)
        {
            var count = fork % runs.Length;
            Array.Clear(runs);
            pool.Run(count, (item, _) => Interlocked.Increment(ref runs[item]));
            for (var item = 0; item < runs.Length; item++)
                Assert.Equal(item < count ? 1 : 0, runs[item]);
        }
    }

    [Fact]
    public void A_worker_number_is_in_use_once_at_a_time()
    {
        using var pool = new WorkerPool(4);
        var busy = new int[4];
        pool.Run(2000, (_, worker) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref busy[worker]));
            Thread.SpinWait(20);
            Interlocked.Decrement(ref busy[worker]);
        });
    }

    [Fact]
    public void Parked_workers_wake_up()
    {
        using var pool = new WorkerPool(3);
        for (var fork = 0; fork < 5; fork++)
        {
            Thread.Sleep(20);
            using var meeting = new Barrier(3);
            // Each item waits for the other two: it takes all three threads.
            pool.Run(3, (_, _) => Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(20))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_reaches_the_caller_and_the_pool_goes_on(int workers)
    {
        using var pool = new WorkerPool(workers);
        for (var fork = 0; fork < 20; fork++)
        {
            var thrown = Assert.Throws<InputException>(() => pool.Run(50, (item, _) => ThrowAt(item, 30)));
            Assert.Equal("item 30", thrown.Message);
            var done = 0;
            pool.Run(50, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(50, done);
        }
    }

    private static void ThrowAt(int item, int bad)
    {
        if (item == bad)
            throw new InputException($"item {item}");
    }
}
