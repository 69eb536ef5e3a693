using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>What streams leave unordered runs in a bad order under some seed; what events order runs in order under every seed.</summary>
[Collection(SimtCollection.Name)]
public class StreamOrderTests
{
    private static readonly Dim3 One = new(1);

    [Fact]
    public void A_missing_wait_between_two_streams_is_seen_under_some_seed()
    {
        Assert.SkipUnless(SimtDevice.IsSimt, "a GPU need not show a missing wait");
        Assert.Contains(Seeds(), seed => ReadOfAnotherStream(seed, wait: false) != 42);
    }

    [Fact]
    public void The_right_wait_is_enough_under_every_seed() =>
        Assert.All(Seeds(), seed => Assert.Equal(42u, ReadOfAnotherStream(seed, wait: true)));

    [Fact]
    public void A_stream_keeps_its_order_under_every_seed() => Assert.All(Seeds(), seed =>
    {
        using var probe = Make(seed);
        using var value = probe.Upload(1);
        for (var i = 0; i < 4; i++)
        {
            probe.Launch("add", value, value, One, One, 1);
            probe.Launch("multiply", value, value, One, One, 3);
        }
        probe.Stream.Synchronize();
        Assert.Equal([201u], Probe.Download(value));
    });

    [Fact]
    public void An_event_that_is_recorded_again_marks_the_later_point() => Assert.All(Seeds(), seed =>
    {
        using var probe = Make(seed);
        using var second = new CudaStream(probe.Context);
        using var done = new CudaEvent(probe.Context);
        using var value = probe.Upload(1);
        using var copy = probe.Upload(0);
        done.Record(probe.Stream);
        probe.Launch("add", value, value, One, One, 1);
        done.Record(probe.Stream);
        second.Wait(done);
        probe.Launch("add", value, copy, One, One, 0, stream: second);
        second.Synchronize();
        Assert.Equal([2u], Probe.Download(copy));
    });

    [Fact]
    public void A_pinned_buffer_is_read_when_the_copy_runs()
    {
        Assert.SkipUnless(SimtDevice.IsSimt, "a GPU may have copied already");
        Assert.All(Seeds(), seed =>
        {
            Assert.Equal(99u, CopyFromPinned(seed, synchroniseFirst: false));
            Assert.Equal(7u, CopyFromPinned(seed, synchroniseFirst: true));
        });
    }

    [Fact]
    public void A_pinned_buffer_that_is_read_before_synchronising_is_not_yet_written()
    {
        Assert.SkipUnless(SimtDevice.IsSimt, "a GPU may have copied already");
        using var probe = Make(0);
        using var value = probe.Upload(7);
        using var pinned = new PinnedBuffer<uint>(probe.Context, 1);
        probe.Stream.CopyToHost(value.Pointer, pinned, 0, 1);
        Assert.Equal(0u, pinned[0]);
        probe.Stream.Synchronize();
        Assert.Equal(7u, pinned[0]);
    }

    private static uint ReadOfAnotherStream(ulong seed, bool wait)
    {
        using var probe = Make(seed);
        using var second = new CudaStream(probe.Context);
        using var written = new CudaEvent(probe.Context);
        using var pinned = new PinnedBuffer<uint>(probe.Context, 1);
        using var value = probe.Upload(40);
        probe.Launch("add", value, value, One, One, 2);
        written.Record(probe.Stream);
        if (wait)
            second.Wait(written);
        second.CopyToHost(value.Pointer, pinned, 0, 1);
        second.Synchronize();
        return pinned[0];
    }

    private static uint CopyFromPinned(ulong seed, bool synchroniseFirst)
    {
        using var probe = Make(seed);
        using var value = probe.Upload(0);
        using var pinned = new PinnedBuffer<uint>(probe.Context, 1);
        pinned[0] = 7;
        probe.Stream.CopyToDevice(pinned, 0, value.Pointer, 1);
        if (synchroniseFirst)
            probe.Stream.Synchronize();
        pinned[0] = 99;
        return Probe.Download(value)[0];
    }

    private static IEnumerable<ulong> Seeds() => Enumerable.Range(0, SimtDevice.IsSimt ? 8 : 1).Select(seed => (ulong)seed);

    private static Probe Make(ulong seed) => new(new SimtDevice.Mode("plain", [], seed), StreamKernels.Source);
}
