using System.Runtime.CompilerServices;
using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>How a kernel's fault reaches the host.</summary>
[Collection(SimtCollection.Name)]
public class DeviceErrorTests
{
    private static readonly Dim3 One = new(1);

    [Fact]
    public void A_fault_surfaces_at_the_next_wait_names_its_kernel_and_sticks()
    {
        SkipOnGpu();
        using (var probe = Make())
        {
            using var value = probe.Upload(1);
            probe.Launch("illegal", value, value, One, One); // launching is no failure
            var first = Assert.Throws<CudaException>(probe.Stream.Synchronize);
            Assert.Contains("of kernel illegal: out of bounds: illegal address", first.Message, StringComparison.Ordinal);
            Assert.Contains("cuStreamSynchronize", first.Message, StringComparison.Ordinal);
            Assert.Contains("Launched last, newest first: illegal", first.Message, StringComparison.Ordinal);
            Action[] calls =
            [
                () => probe.Launch("illegal", value, value, One, One), probe.Context.Synchronize, () => probe.Upload(1),
                () => Probe.Download(value),
            ];
            foreach (var call in calls)
            {
                Assert.Contains("of kernel illegal", Assert.Throws<CudaException>(call).Message, StringComparison.Ordinal);
            }
        }
        using var fresh = Make();
        using var works = fresh.Upload(5);
        Assert.Equal([5u], Probe.Download(works));
    }

    [Fact]
    public void Work_that_was_queued_behind_a_fault_never_runs()
    {
        SkipOnGpu();
        using var probe = Make();
        using var value = probe.Upload(1);
        using var pinned = new PinnedBuffer<uint>(probe.Context, 1);
        probe.Launch("illegal", value, value, One, One);
        probe.Stream.CopyToHost(value.Pointer, pinned, 0, 1);
        Assert.Throws<CudaException>(probe.Stream.Synchronize);
        Assert.Equal(0u, pinned[0]);
    }

    [Fact]
    public void A_block_beyond_the_launch_bounds_is_refused()
    {
        using var probe = Make();
        using var value = probe.Upload(1);
        var error = Assert.Throws<CudaException>(() => probe.Launch("add", value, value, One, new Dim3(2)));
        Assert.Contains("add, grid (1, 1, 1), block (2, 1, 1)", error.Message, StringComparison.Ordinal);
        probe.Launch("add", value, value, One, One, 1); // the refusal does not stick
        probe.Stream.Synchronize();
        Assert.Equal([2u], Probe.Download(value));
    }

    [Fact]
    public void A_copy_past_the_end_of_an_allocation_is_refused()
    {
        SkipOnGpu();
        using var probe = Make();
        using var value = probe.Upload(1);
        using var pinned = new PinnedBuffer<uint>(probe.Context, 2);
        probe.Stream.CopyToDevice(pinned, 0, value.Pointer, 2);
        Assert.Contains("copy to of 8 bytes", Assert.Throws<CudaException>(probe.Stream.Synchronize).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_references_of_the_host_are_still_exceptions_after_a_kernels_fault()
    {
        SkipOnGpu();
        using (var probe = Make())
        {
            using var value = probe.Upload(1);
            probe.Launch("illegal", value, value, One, One);
            Assert.Throws<CudaException>(probe.Stream.Synchronize);
        }
        Assert.Throws<NullReferenceException>(() => LengthOf(null!));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(int[] values) => values.Length;

    private static Probe Make() => new(new SimtDevice.Mode("plain", [], 0), StreamKernels.Source);

    private static void SkipOnGpu() => Assert.SkipUnless(SimtDevice.IsSimt, "a fault would end the GPU's context for the whole process");
}
