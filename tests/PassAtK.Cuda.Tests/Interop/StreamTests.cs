namespace PassAtK.Cuda.Tests.Interop;

public class StreamTests
{
    [Fact]
    public void A_stream_that_waits_for_an_event_sees_what_came_before_it()
    {
        using var device = new DeviceFixture();
        using var second = new CudaStream(device.Context);
        using var written = new CudaEvent(device.Context);
        using var pinned = new PinnedBuffer<int>(device.Context, 1000);
        using var input = device.Upload(Enumerable.Range(0, 1000).ToArray());
        using var output = device.Upload(new int[1000]);
        KernelLaunchTests.Scale(device, input, output, addend: 1);
        written.Record(device.Stream);
        second.Wait(written);
        second.CopyToHost(output.Pointer, pinned, 0, 1000);
        second.Synchronize();
        Assert.True(written.IsDone);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => 2 * i + 1), pinned.Span.ToArray());
    }

    [Fact]
    public void Events_with_timing_measure_a_span_that_is_not_negative()
    {
        using var device = new DeviceFixture();
        using var begin = new CudaEvent(device.Context, timing: true);
        using var end = new CudaEvent(device.Context, timing: true);
        using var input = device.Upload(new int[1000]);
        begin.Record(device.Stream);
        KernelLaunchTests.Scale(device, input, input, addend: 1);
        end.Record(device.Stream);
        end.Synchronize();
        Assert.True(CudaEvent.Milliseconds(begin, end) >= 0);
    }

    [Fact]
    public void A_captured_graph_runs_when_launched_and_reads_what_is_there_then()
    {
        using var device = new DeviceFixture();
        using var input = device.Upload(1, 2, 3);
        using var output = device.Upload(0, 0, 0);
        var kernel = device.Compiler.Load(TestKernels.File, "scale");
        using var graph = CudaGraph.Capture(device.Stream, () =>
        {
            device.Stream.Fill(output.Pointer, 0xff, output.SizeInBytes);
            kernel.Launch(KernelLaunchTests.Parameters(input, output, 10), new Dim3(1), new Dim3(64), 0, device.Stream);
            kernel.Launch(KernelLaunchTests.Parameters(output, output, 0), new Dim3(1), new Dim3(64), 0, device.Stream);
        });
        Assert.Equal([0, 0, 0], output.Values());
        for (var round = 0; round < 3; round++)
        {
            input.CopyFrom([round, 5, -9]);
            graph.Launch(device.Stream);
            Assert.Equal([4 * round + 20, 40, -16], output.Values());
        }
    }

    [Fact]
    public void Nothing_is_allocated_while_a_graph_is_captured()
    {
        using var device = new DeviceFixture();
        var error = Assert.Throws<CudaException>(
            () => CudaGraph.Capture(device.Stream, () => new CudaDeviceVariable<int>(device.Context, 4).Dispose()));
        Assert.Contains("while a graph is being captured", error.Message, StringComparison.Ordinal);
        using var later = device.Upload(1);
        Assert.Equal([1], later.Values());
    }

    [Fact]
    public void The_copy_bandwidth_is_a_positive_number()
    {
        using var device = new DeviceFixture();
        Assert.True(CopyBandwidth.Measure(device.Context) > 0);
    }
}
