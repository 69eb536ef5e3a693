using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>The CUDA backend on the SIMT device, or on a GPU, as the suites of all backends see it.</summary>
public sealed class CudaUnderTest : BackendUnderTest
{
    public override IReadOnlyList<DataType> Types => [DataType.F16, DataType.BF16];

    /// <summary>
    /// Activations are rounded to 8 bits (BF16) or 11 (F16) between kernels, about ten times in each of two layers; errors of half a unit
    /// in the last place, 2^-9 and 2^-12, add up like a random walk. Several times that leaves room for unlucky rows and catches any
    /// wrong term.
    /// </summary>
    public override double Tolerance(DataType type) => type == DataType.F16 ? 4e-3 : 3e-2;

    public override bool Supports(ModelConfig config) => config.HeadDimension % 16 == 0;

    public override IBackend Create(IWeightSource model, int blocks, int maxRows) => Start(model, blocks, maxRows);

    internal static CudaBackend Start(IWeightSource model, int blocks, int maxRows = 64, CudaBackendTuning? tuning = null)
    {
        SimtDevice.Require();
        return new CudaBackend(
            model,
            new CudaBackendOptions { KeyValueBlocks = blocks, MaxRows = maxRows, Products = MatrixProducts.Kernel },
            (tuning ?? new()) with { Cache = Cubins });
    }

    private static CubinCache Cubins { get; } = new(Path.Combine(Path.GetTempPath(), "passatk-test-cubins"));
}
