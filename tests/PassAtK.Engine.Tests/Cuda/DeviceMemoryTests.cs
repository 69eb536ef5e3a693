using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Tests.Reference;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>What the backend asks the device's memory for. Runs with <see cref="CudaFaultTests"/>, alone, to see what is free.</summary>
[Collection(nameof(CudaFaultTests))]
public class DeviceMemoryTests
{
    private static readonly TinyModel Model = new(TinyModel.SmallConfig, DataType.BF16);

    [Fact]
    public void A_backend_that_does_not_fit_says_what_and_what_helps_and_leaves_nothing_behind()
    {
        SimtDevice.Require();
        using var context = CudaContext.Create();
        var message = Assert.Throws<CudaException>(Start).Message;
        Assert.Matches(
            "^There is no room for the KV cache: [0-9.]+ MB of device memory wanted, [0-9.]+ MB free: make it smaller .--kv-cache.[.]$", message);
        var free = context.Memory().Free;
        Assert.Throws<CudaException>(Start);
        Assert.Equal(free, context.Memory().Free);

        static void Start() => CudaUnderTest.Start(Model, blocks: int.MaxValue / 32).Dispose();
    }

    [Fact]
    public void Memory_that_cannot_grow_is_none_and_can_grow_later()
    {
        SimtDevice.Require();
        using var context = CudaContext.Create();
        using var stream = new CudaStream(context);
        using var memory = new GrowingMemory(context, "attention states");
        memory.Grow(1000, stream);
        var message = Assert.Throws<CudaException>(() => memory.Grow(1L << 50, stream)).Message;
        Assert.Contains("attention states", message, StringComparison.Ordinal);
        Assert.Contains("--kv-cache", message, StringComparison.Ordinal);
        Assert.Equal(0, memory.Size);
        memory.Grow(10, stream);
        Assert.Equal(10, memory.Size);
    }

    [Fact]
    public void Attention_states_are_set_aside_by_the_longest_sequence_and_take_a_part_of_the_memory_at_most()
    {
        Assert.InRange(Workspace(4096) - Workspace(1024), 64 * 3 * Slot, 64 * 3 * Slot);
        Assert.Equal(Workspace(0), Workspace(1_000_000));
        using var context = CudaContext.Create();
        Assert.InRange(AttentionRoom.Slots(context, 65_535, 1 << 20, 1 << 20), 1, context.Memory().Free >> 23);

        static long Workspace(int longest)
        {
            SimtDevice.Require();
            var options = new CudaBackendOptions { MaxRows = 64, KeyValueBlocks = 256, LongestSequence = longest };
            using var backend = new CudaBackend(Model, options with { Products = MatrixProducts.Kernel });
            return backend.WorkspaceBytes;
        }
    }

    /// <summary>Bytes of a row's state: (m, l, o) of six heads of 32.</summary>
    private const long Slot = 6 * (32 + 2) * sizeof(float);
}
