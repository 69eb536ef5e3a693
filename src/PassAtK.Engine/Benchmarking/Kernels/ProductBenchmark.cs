using PassAtK.Cuda;
using PassAtK.Engine.Cuda;

namespace PassAtK.Engine.Benchmarking.Kernels;

/// <summary>A product of activations and weights in BF16, by this project's kernel or by cuBLASLt.</summary>
internal static class ProductBenchmark
{
    /// <summary>By cuBLASLt where it is installed, else by the kernel: the ceiling of a step's products.</summary>
    public static KernelResult MeasureBest(CudaContext context, KernelCompiler compiler, KernelSizes sizes)
    {
        using var product = new KernelProduct(compiler, context.Multiprocessors, elementF16: false);
        return Measure(context, product, sizes);
    }

    public static KernelResult Measure(CudaContext context, IMatrixProduct product, KernelSizes sizes)
    {
        using var timer = new KernelTimer(context);
        var weightBytes = 2L * sizes.Outputs * sizes.Inputs;
        var inputs = timer.InputsOf(weightBytes);
        using var weights = RandomMemory.BrainFloats(context, timer.Stream, (long)inputs * sizes.Outputs * sizes.Inputs);
        using var input = RandomMemory.BrainFloats(context, timer.Stream, (long)sizes.Batch * sizes.Inputs);
        using var output = new CudaDeviceVariable<ushort>(context, (long)sizes.Batch * sizes.Outputs);
        using var count = new CudaDeviceVariable<int>(context, 1);
        count.CopyFrom([sizes.Batch]);
        var timing = timer.Measure(inputs, sizes.Repetitions, index => product.Launch(
            new DeviceProjection(weights.At((long)index * sizes.Outputs * sizes.Inputs), default, sizes.Outputs, sizes.Inputs),
            input.Pointer, output.Pointer, toF32: false, count.Pointer, sizes.Batch, timer.Stream));
        var activationBytes = 2L * sizes.Batch * (sizes.Inputs + sizes.Outputs);
        return new KernelResult(
            "gemm_bf16", $"passatk {product.Name}", context.Device.Name, timing.Median, timing.Fastest, timing.Slowest, weightBytes + activationBytes,
            2.0 * sizes.Batch * sizes.Inputs * sizes.Outputs)
        {
            Batch = sizes.Batch,
            Inputs = sizes.Inputs,
            Outputs = sizes.Outputs,
        };
    }
}
