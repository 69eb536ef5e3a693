using PassAtK.Cuda.Tests.Simt;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Interop;

/// <summary>Which launches an error of the device names. Runs alone: a fault takes the device down for the whole process.</summary>
[Collection(SimtCollection.Name)]
public class FaultReportTests
{
    private const string Advice = "PASSATK_CUDA_SYNC=1";

    private static readonly Dim3 One = new(1);

    [Fact]
    public void A_fault_that_a_wait_finds_names_the_last_launches_and_how_to_learn_more()
    {
        SkipOnGpu();
        using var probe = Make();
        using var value = probe.Upload(1);
        probe.Launch("illegal", value, value, One, One);
        var message = Assert.Throws<CudaException>(probe.Stream.Synchronize).Message;
        Assert.Contains("Launched last, newest first: illegal.", message, StringComparison.Ordinal);
        Assert.Contains(Advice, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_launches_are_waited_for_the_launch_at_fault_throws_by_name()
    {
        SkipOnGpu();
        using var probe = Make();
        probe.Context.SynchronousLaunches = true;
        using var value = probe.Upload(1);
        probe.Launch("add", value, value, One, One, 1);
        var message = Assert.Throws<CudaException>(() => probe.Launch("illegal", value, value, One, One)).Message;
        Assert.StartsWith("cuLaunchKernel illegal, grid (1, 1, 1), block (1, 1, 1)", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Advice, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_a_graph_is_told_under_the_graphs_name_and_what_was_only_captured_is_not()
    {
        SkipOnGpu();
        using var probe = Make();
        using var value = probe.Upload(1);
        probe.Launch("add", value, value, One, One, 1);
        probe.Kernel("illegal");
        using var harmless = CudaGraph.Capture(probe.Stream, "never launched", () => probe.Launch("add", value, value, One, One, 1));
        using var graph = CudaGraph.Capture(probe.Stream, "a step of 1 row", () => probe.Launch("illegal", value, value, One, One));
        Assert.Equal("add", probe.Context.History.ToString());
        graph.Launch(probe.Stream);
        var message = Assert.Throws<CudaException>(probe.Stream.Synchronize).Message;
        Assert.Contains("Launched last, newest first: a step of 1 row, add.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_is_waited_for_throws_by_name()
    {
        SkipOnGpu();
        using var probe = Make();
        probe.Context.SynchronousLaunches = true;
        using var value = probe.Upload(1);
        probe.Kernel("illegal");
        using var graph = CudaGraph.Capture(probe.Stream, "a step of 1 row", () => probe.Launch("illegal", value, value, One, One));
        var message = Assert.Throws<CudaException>(() => graph.Launch(probe.Stream)).Message;
        Assert.StartsWith("cuGraphLaunch of a step of 1 row failed: ", message, StringComparison.Ordinal);
    }

    private static void SkipOnGpu()
    {
        SimtDevice.Require();
        if (!SimtDevice.IsSimt)
            Assert.Skip("a fault ends the use of a GPU for the whole process");
    }

    private static Probe Make() => new(
        new SimtDevice.Mode("plain", [], 0),
        """
        extern "C" __global__ void __launch_bounds__(1) add(const ProbeParams p) { p.output[0] = p.input[0] + p.argument; }
        extern "C" __global__ void __launch_bounds__(1) illegal(const ProbeParams p) { *(volatile unsigned*)16 = p.input[0]; }
        """);
}
