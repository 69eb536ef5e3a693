using PassAtK.Cuda.Interop;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Graphs over joined streams, and what a capture refuses.</summary>
[Collection(SimtCollection.Name)]
public class GraphCaptureTests
{
    private static readonly Dim3 One = new(1);

    [Fact]
    public void A_graph_of_two_joined_streams_replays_with_what_memory_holds_then()
    {
        for (ulong seed = 0; seed < (SimtDevice.IsSimt ? 8u : 1); seed++)
        {
            using var probe = Make(seed);
            using var second = new CudaStream(probe.Context);
            using var forked = new CudaEvent(probe.Context);
            using var joined = new CudaEvent(probe.Context);
            using var input = probe.Upload(1);
            using var left = probe.Upload(0);
            using var right = probe.Upload(0);
            probe.Kernel("add");
            probe.Kernel("multiply");
            probe.Kernel("accumulate");
            using var graph = CudaGraph.Capture(probe.Stream, () =>
            {
                probe.Launch("add", input, input, One, One, 1);
                forked.Record(probe.Stream);
                second.Wait(forked);
                probe.Launch("multiply", input, left, One, One, 10);
                probe.Launch("multiply", input, right, One, One, 100, stream: second);
                joined.Record(second);
                probe.Stream.Wait(joined);
                probe.Launch("accumulate", right, left, One, One);
            });
            Assert.Equal([0u], Probe.Download(left)); // nothing ran yet
            foreach (var value in new uint[] { 4, 9 })
            {
                input.CopyFrom([value]);
                graph.Launch(probe.Stream);
                graph.Launch(probe.Stream);
                probe.Stream.Synchronize();
                Assert.Equal([110 * (value + 2)], Probe.Download(left));
            }
        }
    }

    [Fact]
    public void A_stream_that_never_joins_again_makes_no_graph()
    {
        using var probe = Make(0);
        using var second = new CudaStream(probe.Context);
        using var forked = new CudaEvent(probe.Context);
        using var input = probe.Upload(1);
        using var output = probe.Upload(0);
        probe.Kernel("add");
        var error = Assert.Throws<CudaException>(() => CudaGraph.Capture(probe.Stream, () =>
        {
            forked.Record(probe.Stream);
            second.Wait(forked);
            probe.Launch("add", input, output, One, One, 1, stream: second);
        }));
        Assert.Contains("UNJOINED", error.Message, StringComparison.Ordinal);
        // Both streams work again.
        probe.Launch("add", input, output, One, One, 1, stream: second);
        second.Synchronize();
        Assert.Equal([2u], Probe.Download(output));
    }

    [Fact]
    public void The_device_itself_refuses_to_allocate_or_wait_while_capturing()
    {
        using var probe = Make(0);
        var results = new List<int>();
        Assert.Throws<CudaException>(() => CudaGraph.Capture(probe.Stream, () =>
        {
            results.Add(DriverApi.MemoryAllocate(out _, 64));
            probe.Stream.Synchronize();
        }));
        Assert.All(results, result => Assert.NotEqual(0, result));
        using var later = probe.Upload(3);
        Assert.Equal([3u], Probe.Download(later));
    }

    private static Probe Make(ulong seed) => new(new SimtDevice.Mode("plain", [], seed), StreamKernels.Source);
}
