using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cpu;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Tests.Backends;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>The CPU backend with two threads, as the suites of all backends see it.</summary>
public sealed class CpuUnderTest : BackendUnderTest
{
    public override IReadOnlyList<DataType> Types => [DataType.F32, DataType.F16, DataType.BF16];

    /// <summary>F32 rounding alone stays well below.</summary>
    public override double Tolerance(DataType type) => 2e-5;

    public override bool Supports(ModelConfig config) => true;

    public override IBackend Create(IWeightSource model, int blocks, int maxRows) =>
        new CpuBackend(model, new CpuBackendOptions { Threads = 2, KeyValueBlocks = blocks, MaxRows = maxRows });
}
