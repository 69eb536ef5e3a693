using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;
using PassAtK.Engine.Cuda;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tracing;
using PassAtK.Tests;

namespace PassAtK.Engine.Tests.Cuda;

/// <summary>The CUDA backend on the SIMT device, or on a GPU, as the suites of all backends see it.</summary>
public sealed class CudaUnderTest : BackendUnderTest
{
    public override IReadOnlyList<DataType> Types => [DataType.F16, DataType.BF16];

    public override Func<double, double> Rounding(DataType type) => type == DataType.F16
        ? value => (double)(Half)value
        : value => BitConverter.UInt32BitsToSingle(RoundedToBrainFloat(BitConverter.SingleToUInt32Bits((float)value)));

    /// <summary>
    /// A sum in F32, or an exponential by the special function unit, that lies next to the middle between two elements may round to the
    /// other one, by 2^-8 (F16: 2^-11) of its size, and the next layers carry that on: a few such steps of the largest logit. Without the
    /// reference's own rounding the error is twice as large; any wrong term is far larger.
    /// </summary>
    public override double Tolerance(DataType type) => type == DataType.F16 ? 3e-3 : 1.5e-2;

    /// <summary>Very wide layers are for the CPU, which takes them in blocks; here they would only take long.</summary>
    public override bool Supports(ModelConfig config) => config.HeadDimension % 16 == 0 && config.IntermediateSize < 4096;

    /// <summary>With cuBLASLt on a GPU that has it, so that the suites prove it there.</summary>
    public override IBackend Create(IWeightSource model, int blocks, int maxRows) =>
        Start(model, new CudaBackendOptions { KeyValueBlocks = blocks, MaxRows = maxRows }, new CudaBackendTuning());

    /// <summary>With the project's own kernels alone.</summary>
    internal static CudaBackend Start(IWeightSource model, int blocks, int maxRows = 64, CudaBackendTuning? tuning = null, Tracer? tracer = null) => Start(
        model,
        new CudaBackendOptions { KeyValueBlocks = blocks, MaxRows = maxRows, Products = MatrixProducts.Kernel, Tracer = tracer },
        tuning ?? new CudaBackendTuning());

    private static CudaBackend Start(IWeightSource model, CudaBackendOptions options, CudaBackendTuning tuning)
    {
        SimtDevice.Require();
        return new CudaBackend(model, options, tuning with { Cache = Cubins });
    }

    private static CubinCache Cubins { get; } = new(Path.Combine(Path.GetTempPath(), "passatk-test-cubins"));

    private static uint RoundedToBrainFloat(uint bits) => (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000;
}
