using PassAtK.Cuda;
using PassAtK.Engine.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>A product of activations and weights in BF16, by this project's kernel or by cuBLASLt.</summary>
internal static class ProductBenchmark
{
    /// <summary>Enough to outgrow the cache.</summary>
    private const int MostWeights = 16;

    /// <summary>By cuBLASLt where it is installed, else by the kernel: the ceiling of a step's products.</summary>
    public static KernelResult MeasureBest(CudaContext context, KernelCompiler compiler, KernelSizes sizes) =>
        !context.IsSimt && CublasLt.IsAvailable ? MeasureCublasLt(context, sizes) : MeasureKernel(context, compiler, sizes);

    public static KernelResult MeasureKernel(CudaContext context, KernelCompiler compiler, KernelSizes sizes)
    {
        using var product = new KernelProduct(compiler, context.Multiprocessors, elementF16: false);
        using var memory = new Memory(context, sizes);
        return Measure(memory, "passatk gemm", index => product.Launch(
            new DeviceProjection(memory.Weight(index), default, sizes.Outputs, sizes.Inputs), memory.Input.Pointer, memory.Output.Pointer,
            toF32: false, memory.RowCount.Pointer, sizes.Batch, memory.Timer.Stream));
    }

    public static KernelResult MeasureCublasLt(CudaContext context, KernelSizes sizes)
    {
        using var library = new CublasLt(context);
        using var memory = new Memory(context, sizes);
        var shape = new ProjectionShape(
            sizes.Outputs, sizes.Inputs, sizes.Inputs, sizes.Outputs, ElementF16: false, OutputF32: false, HasBias: false);
        var plan = ProductPlan.Choose(library, shape, [sizes.Batch], new ProductAlgorithmCache(ProductAlgorithmCache.DefaultFolder));
        using var projection = new CublasLtProjection(library, plan, []);
        return Measure(
            memory, "passatk cuBLASLt",
            index => projection.Run(memory.Weight(index), memory.Input.Pointer, memory.Output.Pointer, sizes.Batch, memory.Timer.Stream));
    }

    private static KernelResult Measure(Memory memory, string by, Action<int> launch)
    {
        var sizes = memory.Sizes;
        var timing = memory.Timer.Measure(memory.Weights, sizes.Repetitions, launch);
        var bytes = 2L * ((long)sizes.Outputs * sizes.Inputs) + (2L * sizes.Batch * (sizes.Inputs + sizes.Outputs));
        return new KernelResult(
            "gemm_bf16", by, memory.Context.Device.Name, timing.Median, timing.Fastest, timing.Slowest, bytes,
            2.0 * sizes.Batch * sizes.Inputs * sizes.Outputs)
        {
            Batch = sizes.Batch,
            Inputs = sizes.Inputs,
            Outputs = sizes.Outputs,
        };
    }

    /// <summary>Several weights, one input and one output.</summary>
    private sealed class Memory : IDisposable
    {
        private readonly CudaDeviceVariable<ushort> _weights;

        public Memory(CudaContext context, KernelSizes sizes)
        {
            (Context, Sizes) = (context, sizes);
            Timer = new KernelTimer(context);
            var elements = (long)sizes.Outputs * sizes.Inputs;
            Weights = Math.Min(MostWeights, Timer.InputsOf(2 * elements));
            _weights = RandomMemory.BrainFloats(context, Timer.Stream, Weights * elements);
            Input = RandomMemory.BrainFloats(context, Timer.Stream, (long)sizes.Batch * sizes.Inputs);
            Output = new CudaDeviceVariable<ushort>(context, (long)sizes.Batch * sizes.Outputs);
            RowCount = new CudaDeviceVariable<int>(context, 1);
            RowCount.CopyFrom([sizes.Batch]);
        }

        public CudaContext Context { get; }

        public KernelSizes Sizes { get; }

        public KernelTimer Timer { get; }

        public int Weights { get; }

        public CudaDeviceVariable<ushort> Input { get; }

        public CudaDeviceVariable<ushort> Output { get; }

        public CudaDeviceVariable<int> RowCount { get; }

        public DevicePointer Weight(int index) => _weights.At((long)index * Sizes.Outputs * Sizes.Inputs);

        public void Dispose()
        {
            RowCount.Dispose();
            Output.Dispose();
            Input.Dispose();
            _weights.Dispose();
            Timer.Dispose();
        }
    }
}
