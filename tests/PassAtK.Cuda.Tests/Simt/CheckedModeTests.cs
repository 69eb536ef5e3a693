using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Each kind of bug that checked mode looks for is found in a kernel that has it, and only there.</summary>
[Collection(SimtCollection.Name)]
public class CheckedModeTests
{
    private static readonly string[] Checked = ["-DSIMT_CHECKED=1"];

    [Theory]
    [InlineData("missing_barrier", "shared-memory race")]
    [InlineData("overwritten_too_early", "shared-memory race")]
    [InlineData("race_in_warp", "shared-memory race")]
    [InlineData("warp_barrier_between_warps", "shared-memory race")]
    [InlineData("uninitialised_shared", "uninitialised: read of static shared memory byte")]
    [InlineData("past_dynamic_shared", "out of bounds: write of 4 bytes at dynamic shared memory offset 256, which has 256 bytes")]
    [InlineData("past_static_shared", "out of bounds of a fixed-size array")]
    [InlineData("past_local_array", "out of bounds of a fixed-size array")]
    [InlineData("off_by_one", "out of bounds: write of 4 bytes at device address")]
    [InlineData("before_the_start", "out of bounds: read of 4 bytes at device address")]
    [InlineData("far_outside", "out of bounds: read of 4 bytes at device address")]
    [InlineData("null_pointer", "out of bounds: illegal address (nil)")]
    [InlineData("misaligned_vector", "misaligned access")]
    [InlineData("blocks_write_the_same", "cross-block race: write of device address", 2)]
    [InlineData("reads_another_thread", "device-memory race: read of device address")]
    [InlineData("mixed_collectives", "mixed collectives")]
    [InlineData("mask_without_its_lane", "mixed collectives: lane")]
    [InlineData(
        "warp_barrier_of_one_lane",
        "deadlock: 63 of 64 live threads wait at __syncthreads; warp 1 waits at a collective of lanes ffffffff, arrived 00000001")]
    [InlineData("mixed_barriers", "mixed barriers")]
    [InlineData("endless_stack", "stack overflow")]
    [InlineData("trap", "thread (5,0,0)")]
    public void A_bug_is_told_under_every_seed_and_its_cure_passes(string kernel, string told, int blocks = 1) =>
        CheckBoth(kernel, told, blocks, threads: 64, shared: 256);

    [Theory]
    [InlineData("unwaited_copy", "cp.async not waited for")]
    [InlineData("waits_for_too_few_groups", "cp.async not waited for")]
    [InlineData("copy_of_another_thread", "shared-memory race")]
    [InlineData("exit_with_pending_copy", "exits with cp.async copies that were never waited for")]
    [InlineData("misaligned_copy", "misaligned access: cp.async")]
    public void A_misused_asynchronous_copy_is_told(string kernel, string told) =>
        CheckBoth(kernel, told, blocks: 1, threads: 16, shared: 512);

    [Fact]
    public void Memory_that_was_allocated_but_never_written_is_not_read_unnoticed()
    {
        foreach (var faulty in new[] { true, false })
        {
            using var probe = Make(faulty, seed: 1);
            using var input = probe.Upload(new uint[64]);
            using var output = new CudaDeviceVariable<uint>(probe.Context, 64);
            probe.Launch("uninitialised_device", input, output, new Dim3(1), new Dim3(64));
            if (!faulty)
            {
                probe.Stream.Synchronize();
                continue;
            }
            var error = Assert.Throws<CudaException>(probe.Stream.Synchronize);
            Assert.Contains("uninitialised: read of device address", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_block_that_reads_what_another_writes_is_seen_under_some_seed()
    {
        var told = new List<string>();
        for (ulong seed = 0; seed < 4; seed++)
        {
            using var faulty = Make(faulty: true, seed);
            try
            {
                Run(faulty, "reads_another_block", blocks: 2, threads: 32, shared: 0);
            }
            catch (CudaException error)
            {
                told.Add(error.Message);
            }
        }
        Assert.NotEmpty(told);
        Assert.All(told, message => Assert.Contains("cross-block race", message, StringComparison.Ordinal));
        using var right = Make(faulty: false, 1);
        Run(right, "reads_another_block", blocks: 2, threads: 32, shared: 0);
    }

    [Theory]
    [InlineData("null_pointer", "illegal address (nil)")]
    [InlineData("far_outside", "in device memory outside every allocation")]
    [InlineData("off_by_one", "in device memory outside every allocation")]
    [InlineData("warp_barrier_of_one_lane", "deadlock")]
    [InlineData("mixed_collectives", "mixed collectives")]
    [InlineData("endless_stack", "stack overflow")]
    [InlineData("trap", "__trap")]
    public void Plain_mode_tells_faults_and_deadlocks(string kernel, string told)
    {
        SkipOnGpu();
        using (var faulty = new Probe(new SimtDevice.Mode("plain", [], 0), FaultyKernels.Source, "FAULTY=1"))
        {
            var error = Assert.Throws<CudaException>(() => Run(faulty, kernel, blocks: 1, threads: 64, shared: 256));
            Assert.Contains($"of kernel {kernel}: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(told, error.Message, StringComparison.Ordinal);
        }
        using var right = new Probe(new SimtDevice.Mode("plain", [], 0), FaultyKernels.Source, "FAULTY=0");
        Run(right, kernel, blocks: 1, threads: 64, shared: 256);
    }

    private static void CheckBoth(string kernel, string told, int blocks, int threads, int shared)
    {
        SkipOnGpu();
        for (ulong seed = 0; seed < 4; seed++)
        {
            using (var faulty = Make(faulty: true, seed))
            {
                var error = Assert.Throws<CudaException>(() => Run(faulty, kernel, blocks, threads, shared));
                Assert.Contains($"of kernel {kernel}: ", error.Message, StringComparison.Ordinal);
                Assert.Contains(told, error.Message, StringComparison.Ordinal);
            }
            using var right = Make(faulty: false, seed);
            Run(right, kernel, blocks, threads, shared);
        }
    }

    private static Probe Make(bool faulty, ulong seed)
    {
        SkipOnGpu();
        return new Probe(new SimtDevice.Mode("checked", Checked, seed), FaultyKernels.Source, faulty ? "FAULTY=1" : "FAULTY=0");
    }

    private static void Run(Probe probe, string kernel, int blocks, int threads, int shared) =>
        probe.Run(kernel, [.. Enumerable.Range(0, 64).Select(i => (uint)i)], new uint[64], new Dim3(blocks), new Dim3(threads), 0, shared);

    private static void SkipOnGpu() => Assert.SkipUnless(SimtDevice.IsSimt, "checked mode is the SIMT device's");
}
